import { TYPES, typeOf } from '../values/attribute-value.mjs';
import { isSame, sortable } from '../values/comparing.mjs';
import { pathText } from './reader.mjs';

/**
 * @typedef {import('../values/attribute-value.mjs').Value} Value
 * @typedef {import('./conditions.mjs').Operand} Operand
 * @typedef {import('./reader.mjs').Reader} Reader
 */

/**
 * The two sides of a comparison.
 * @param {Reader} reader
 * @param {string} operator
 * @param {Operand} left
 * @param {Operand} right
 */
export function checkSides(reader, operator, left, right) {
  if (left.kind === 'path' && right.kind === 'path' && pathText(left.path) === pathText(right.path))
    throw reader.error(
      `The first operand must be distinct from the remaining operands for this operator or function; operator: ${operator}, first operand: ${pathText(left.path)}`,
    );
  for (const side of [left, right])
    if (side.kind === 'value' && !['=', '<>'].includes(operator) && sortable(side.value) === undefined)
      throw wrongType(reader, operator, typeOf(side.value));
}

/**
 * What a function is asked about.
 * @param {Reader} reader
 * @param {string} name
 * @param {Value} value
 */
export function checkArgument(reader, name, value) {
  const type = typeOf(value);
  if (name === 'begins_with' && type !== 'S' && type !== 'B') throw wrongType(reader, name, type);
  if (name !== 'attribute_type') return;
  if (type !== 'S') throw wrongType(reader, name, type);
  if (!TYPES.includes(value.S)) throw reader.error(`Invalid attribute type name found; type: ${value.S}`);
}

/**
 * Bounds that are given must be of one type, and in their order.
 * @param {Reader} reader
 * @param {Operand} low
 * @param {Operand} high
 */
export function checkBounds(reader, low, high) {
  if (low.kind !== 'value' || high.kind !== 'value') return;
  const [from, to] = [sortable(low.value), sortable(high.value)];
  if (from === undefined) throw wrongType(reader, 'BETWEEN', typeOf(low.value));
  if (to === undefined) throw wrongType(reader, 'BETWEEN', typeOf(high.value));
  if (typeOf(low.value) !== typeOf(high.value))
    throw reader.error('The BETWEEN operator requires same data type for lower and upper bounds;');
  if (from > to && !isSame(low.value, high.value))
    throw reader.error(
      'The BETWEEN operator requires upper bound to be greater than or equal to lower bound;',
    );
}

/**
 * @param {Reader} reader
 * @param {string} operator
 * @param {string} type
 */
function wrongType(reader, operator, type) {
  return reader.error(
    `Incorrect operand type for operator or function; operator or function: ${operator}, operand type: ${type}`,
  );
}
