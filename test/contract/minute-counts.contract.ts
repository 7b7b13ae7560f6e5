import { expect, it } from '@jest/globals';
import type { RateCounter } from '../../src/platform/auth/rate-counter.js';

const MINUTE_MS = 60_000;

/** What every counter of a minute promises; `two` are two instances' views of the same counts. */
export function minuteCountsContract(open: () => readonly [RateCounter, RateCounter]): void {
  it('counts what one does of one thing, and says when the minute ends', async () => {
    const [counts] = open();
    const seen = [await counts.add('uploads', 'ada'), await counts.add('uploads', 'ada')];
    expect(seen.map(({ count }) => count)).toEqual([1, 2]);
    for (const { msLeft } of seen) {
      expect(msLeft).toBeGreaterThan(0);
      expect(msLeft).toBeLessThanOrEqual(MINUTE_MS);
    }
    expect(await counts.add('uploads', 'bob')).toMatchObject({ count: 1 });
    expect(await counts.add('requests', 'ada')).toMatchObject({ count: 1 });
  });

  it('counts each of those who come at the same time, at whichever instance', async () => {
    const both = open();
    const counts = await Promise.all(
      Array.from({ length: 100 }, (_, index) => both[index % 2 === 0 ? 0 : 1].add('requests', 'ada')),
    );
    expect(counts.map(({ count }) => count).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
  });
}
