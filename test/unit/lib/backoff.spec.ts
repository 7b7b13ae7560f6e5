import { describe, expect, it } from '@jest/globals';
import { backoffMs } from '../../../src/lib/backoff.js';

describe('the pause after a failure', () => {
  it('doubles from a second up to the most that is allowed, of which the upper half is random', () => {
    const pauses = (random: number) => [1, 2, 3, 4, 5, 6, 7, 50].map((n) => backoffMs(n, 30_000, random));
    expect(pauses(1)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    expect(pauses(0)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000]);
  });

  it('is no shorter than what the peer asked for', () => {
    expect(backoffMs(1, 30_000, 0, 3_000)).toBe(3_000);
    expect(backoffMs(1, 30_000, 0, 100_000)).toBe(100_000);
    expect(backoffMs(9, 30_000, 1, 3_000)).toBe(30_000);
  });
});
