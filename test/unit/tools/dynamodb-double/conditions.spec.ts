import { describe, expect, it } from '@jest/globals';
import { conditionOf } from '../../../../tools/dynamodb-double/expressions/conditions.mjs';
import { holds } from '../../../../tools/dynamodb-double/expressions/evaluate.mjs';
import { Placeholders } from '../../../../tools/dynamodb-double/expressions/placeholders.mjs';

const ITEM = {
  a: { S: 'abc' },
  n: { N: '12345678901234567890123456789012345678' },
  five: { N: '5' },
  seq: { L: [{ N: '1' }, { M: { deep: { S: 'x' } } }] },
  tags: { SS: ['p', 'q'] },
  nothing: { NULL: true },
  'odd.name': { BOOL: true },
};
const NAMES = { '#odd': 'odd.name', '#a': 'a' };
const VALUES = {
  ':abc': { S: 'abc' },
  ':ab': { S: 'ab' },
  ':b': { S: 'b' },
  ':p': { S: 'p' },
  ':one': { N: '1.0' },
  ':five': { N: '5' },
  ':six': { N: '6' },
  ':big': { N: '12345678901234567890123456789012345679' },
  ':list': { S: 'L' },
  ':set': { SS: ['q', 'p'] },
  ':true': { BOOL: true },
};

function read(text: string) {
  const placeholders = new Placeholders(
    { ExpressionAttributeNames: NAMES, ExpressionAttributeValues: VALUES },
    true,
  );
  return conditionOf(text, 'ConditionExpression', placeholders);
}

describe('a condition', () => {
  it.each([
    ['a = :abc', true],
    ['#a <> :abc', false],
    ['n < :big AND NOT n = :big', true],
    ['five = :abc OR five = :five', true],
    ['five < :abc', false],
    ['absent <> :abc', true],
    ['absent = :abc', false],
    ['absent < :five', false],
    ['NOT absent < :five', true],
    ['five BETWEEN :one AND :six', true],
    ['five IN (:abc, :six, :five)', true],
    ['a = :ab OR a = :abc AND five = :six', false],
    ['(a = :ab OR a = :abc) AND five = :five', true],
    ['NOT a = :ab AND five = :five', true],
    ['attribute_exists(seq[1].deep) AND attribute_not_exists(seq[2])', true],
    ['attribute_type(seq, :list)', true],
    ['begins_with(a, :ab) AND NOT begins_with(a, :b)', true],
    ['contains(a, :b) AND contains(tags, :p) AND contains(seq, :one)', true],
    ['contains(tags, :b)', false],
    ['size(a) > :one AND size(seq) < :five', true],
    ['size(five) > :one', false],
    ['tags = :set', true],
    ['#odd = :true', true],
    ['seq[0] = :one', true],
  ])('%s', (text, expected) => {
    expect(holds(read(text), ITEM)).toBe(expected);
  });

  it.each([
    ['', 'The expression can not be empty'],
    ['a = :abc)', 'Syntax error; token: ")"'],
    ['a = ', 'Syntax error; token: "<EOF>"'],
    ['a == :abc', 'Syntax error; token: "="'],
    ['a = :abc; b', 'Syntax error; token: ";"'],
    ['name = :abc', 'reserved keyword: name'],
    ['Status = :abc', 'reserved keyword: Status'],
    ['#b = :abc', 'not defined; attribute name: #b'],
    ['a = :c', 'not defined; attribute value: :c'],
    ['a = a', 'must be distinct'],
    ['((a = :abc))', 'redundant parentheses'],
    ['five BETWEEN :six AND :five', 'upper bound'],
    ['five BETWEEN :ab AND :five', 'same data type'],
    ['a < :true', 'operand type: BOOL'],
    ['begins_with(a, :five)', 'operand type: N'],
    ['attribute_type(a, :abc)', 'Invalid attribute type name'],
    ['exists(a)', 'Invalid function name; function: exists'],
  ])('%s is refused', (text, why) => {
    expect(() => read(text)).toThrow(why);
  });

  it('must use every stand-in that is given', () => {
    const placeholders = new Placeholders(
      { ExpressionAttributeNames: NAMES, ExpressionAttributeValues: { ':abc': { S: 'abc' } } },
      true,
    );
    conditionOf('#a = :abc', 'ConditionExpression', placeholders);
    expect(() => placeholders.checkAllUsed()).toThrow('unused in expressions: keys: {#odd}');
    expect(() => new Placeholders({ ExpressionAttributeNames: NAMES }, false)).toThrow('only be specified');
  });
});
