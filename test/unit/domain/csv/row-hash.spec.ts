import { describe, expect, it } from '@jest/globals';
import { digestOf } from '../../../../src/domain/csv/row-reading.js';

describe('digestOf', () => {
  it('is the same for the same cells', () => {
    expect(digestOf(['E1', '', '€'])).toBe(digestOf(['E1', '', '€']));
  });

  it('tells apart cells that join alike, or stand in another order', () => {
    const rows = [['ab', 'c'], ['a', 'bc'], ['abc'], ['abc', ''], ['', 'abc'], ['c', 'ab'], ['ab c'], []];
    expect(new Set(rows.map(digestOf)).size).toBe(rows.length);
  });

  it('is a safe integer, and differs for 100,000 rows that differ in one digit', () => {
    const digests = Array.from({ length: 100_000 }, (_, n) => digestOf(['E', String(n), 'Sales']));
    expect(digests.every(Number.isSafeInteger)).toBe(true);
    expect(new Set(digests).size).toBe(digests.length);
  });
});
