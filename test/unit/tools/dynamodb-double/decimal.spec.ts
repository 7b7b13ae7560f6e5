import { describe, expect, it } from '@jest/globals';
import { parseDecimal, sortableOf, sum, textOf } from '../../../../tools/dynamodb-double/values/decimal.mjs';

const NINES = '9'.repeat(38);

describe('numbers as DynamoDB has them', () => {
  it.each([
    ['1', '1'],
    ['-0', '0'],
    ['+007.500', '7.5'],
    ['1E3', '1000'],
    ['-.25e-2', '-0.0025'],
    ['12345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
    ['1e-130', `0.${'0'.repeat(129)}1`],
    [`${NINES}e87`, `${NINES}${'0'.repeat(87)}`],
  ])('%s is told as %s', (given, told) => {
    expect(textOf(parseDecimal(given))).toBe(told);
  });

  it.each([
    ['', 'cannot be converted'],
    ['1,5', 'cannot be converted'],
    ['0x10', 'cannot be converted'],
    [`${NINES}1`, 'more than 38 significant digits'],
    ['1e126', 'overflow'],
    ['1e-131', 'underflow'],
  ])('%s is refused', (given, why) => {
    expect(() => parseDecimal(given)).toThrow(why);
  });

  it('sort by their values to the last of 38 digits', () => {
    const order = [
      ...['-1e125', '-12.5', '-12', '-1.5', '-1.25', '-1', '-0.01', '-1e-130', '0', '1e-130', '0.09'],
      ...['0.1', '1', '1.0000000000000000000000000000000000001', '1.1', '9', '10', '99', '1e125'],
    ];
    const shuffled = order.toSorted();
    shuffled.sort((a, b) => (sortableOf(parseDecimal(a)) < sortableOf(parseDecimal(b)) ? -1 : 1));
    expect(shuffled).toEqual(order);
  });

  it('add up exactly, or not at all', () => {
    const added = (a: string, b: string, sign?: 1 | -1) =>
      textOf(sum(parseDecimal(a), parseDecimal(b), sign));
    expect(added('0.1', '0.2')).toBe('0.3');
    expect(added('9007199254740993', '1', -1)).toBe('9007199254740992');
    expect(added('1', '1.5', -1)).toBe('-0.5');
    expect(added('0', '-3')).toBe('-3');
    expect(() => added('1e30', '1e-30')).toThrow('more than 38 significant digits');
  });
});
