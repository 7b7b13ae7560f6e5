import { describe, expect, it } from '@jest/globals';
import { RefusalThrottle } from '../../../../src/platform/audit/refusal-throttle.js';

/** How many of so many refusals have a line of their own. */
function linesOf(bounds: RefusalThrottle, address: string, times: number, now: number): number {
  return Array.from({ length: times }, () => bounds.take(address, now)).filter(Boolean).length;
}

describe('the bounds of refusals', () => {
  it('give each address ten lines a minute, and count the rest', () => {
    const bounds = new RefusalThrottle();
    expect([linesOf(bounds, 'a', 25, 0), linesOf(bounds, 'b', 3, 1)]).toEqual([10, 3]);
    expect(bounds.ended(59_999)).toEqual([]);
    expect(linesOf(bounds, 'a', 1, 59_999)).toBe(0);
    expect(bounds.ended(60_000)).toEqual([{ address: 'a', count: 16 }]);
    expect(linesOf(bounds, 'a', 11, 60_000)).toBe(10);
    expect(bounds.ended(60_001)).toEqual([]);
    expect(bounds.ended(Infinity)).toEqual([{ address: 'a', count: 1 }]);
    expect(bounds.ended(Infinity)).toEqual([]);
  });

  it('hold a thousand addresses apart, and all others together', () => {
    const bounds = new RefusalThrottle();
    const lines = Array.from({ length: 5_000 }, (_, n) => linesOf(bounds, `a${n}`, 1, n)).filter(Boolean);
    expect(lines).toHaveLength(1_000);
    expect(linesOf(bounds, 'a0', 1, 5_000)).toBe(1);
    expect(bounds.ended(Infinity)).toEqual([{ address: 'others', count: 4_000 }]);
  });
});
