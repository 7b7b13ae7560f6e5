import { describe, expect, it } from '@jest/globals';
import { merge } from '../../../src/lib/async-iterables.js';

/** Counts what is asked of it, and whether it was ended. */
class Source implements AsyncIterable<string> {
  given = 0;
  isEnded = false;

  constructor(
    private readonly name: string,
    private readonly count: number,
    private readonly failsAt = Infinity,
  ) {}

  async *[Symbol.asyncIterator](): AsyncIterator<string> {
    try {
      for (; this.given < this.count; this.given += 1) {
        await Promise.resolve();
        if (this.given === this.failsAt) throw new Error(`${this.name} failed`);
        yield `${this.name}${this.given}`;
      }
    } finally {
      this.isEnded = true;
    }
  }
}

async function all(values: AsyncIterable<string>): Promise<string[]> {
  const found: string[] = [];
  for await (const value of values) found.push(value);
  return found;
}

describe('merge', () => {
  it('gives each value once, those of a source in their order, and none waits for another one', async () => {
    const merged = await all(merge([new Source('a', 50), new Source('b', 3), new Source('c', 0)]));
    expect(merged).toHaveLength(53);
    expect(merged.filter((value) => value.startsWith('b'))).toEqual(['b0', 'b1', 'b2']);
    expect(merged.filter((value) => value.startsWith('a'))).toEqual(
      Array.from({ length: 50 }, (_, n) => `a${n}`),
    );
    expect(merged.indexOf('b2')).toBeLessThan(10);
    expect(await all(merge([]))).toEqual([]);
  });

  it('fetches one ahead of each, and ends all when nobody wants more', async () => {
    const sources = [new Source('a', 50), new Source('b', 50)];
    for await (const value of merge(sources)) if (value === 'a0') break;
    expect(sources.map(({ isEnded }) => isEnded)).toEqual([true, true]);
    expect(Math.max(...sources.map(({ given }) => given))).toBeLessThanOrEqual(3);
  });

  it('ends all when one fails', async () => {
    const sources = [new Source('a', 50), new Source('b', 50, 2)];
    await expect(all(merge(sources))).rejects.toThrow('b failed');
    expect(sources.map(({ isEnded }) => isEnded)).toEqual([true, true]);
  });
});
