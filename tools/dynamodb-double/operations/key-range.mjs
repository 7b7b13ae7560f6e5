import { validation } from '../errors.mjs';
import { typeOf } from '../values/attribute-value.mjs';
import { AFTER_ALL, hashOf } from '../tables/places.mjs';

/**
 * @typedef {import('../values/attribute-value.mjs').Value} Value
 * @typedef {import('../expressions/conditions.mjs').Condition} Condition
 * @typedef {import('../expressions/conditions.mjs').Operand} Operand
 * @typedef {import('../tables/key-schema.mjs').KeySchema} KeySchema
 * @typedef {import('../tables/key-schema.mjs').KeyAttribute} KeyAttribute
 * @typedef {import('../tables/table.mjs').Range} Range
 * @typedef {{ from: string, isFromIn: boolean, to: string, isToIn: boolean }} SortRange
 */

const NOT_SUPPORTED = 'Query key condition not supported';
/** @type {SortRange} */
const ALL = { from: '', isFromIn: true, to: AFTER_ALL, isToIn: false };

/**
 * The items that a key condition is about: those of one partition, and of those a range.
 * @param {Condition} condition
 * @param {KeySchema} schema
 * @returns {Range}
 */
export function rangeOf(condition, schema) {
  const parts = condition.kind === 'and' ? [condition.left, condition.right] : [condition];
  const [ofPartition, ...twice] = parts.filter((part) => nameIn(part) === schema.partition.name);
  if (ofPartition === undefined)
    throw validation(`Query condition missed key schema element: ${schema.partition.name}`);
  if (twice.length > 0) throw validation('KeyConditionExpressions must only contain one condition per key');
  if (ofPartition.kind !== 'compare' || ofPartition.operator !== '=') throw validation(NOT_SUPPORTED);
  const partition = bytesIn(ofPartition.right, schema.partition, schema);
  const hash = hashOf(partition);
  const ofSort = parts.find((part) => part !== ofPartition);
  const { from, isFromIn, to, isToIn } = ofSort ? sortRange(ofSort, schema) : ALL;
  return {
    from: { hash, partition, sort: from },
    isFromIn,
    to: { hash, partition, sort: to },
    isToIn,
  };
}

/**
 * @param {Condition} part
 * @param {KeySchema} schema
 * @returns {SortRange}
 */
function sortRange(part, schema) {
  const { sort } = schema;
  if (sort === undefined || nameIn(part) !== sort.name) throw validation(NOT_SUPPORTED);
  const bytes = (/** @type {Operand | undefined} */ operand) => bytesIn(operand, sort, schema);
  if (part.kind === 'between')
    return { from: bytes(part.low), isFromIn: true, to: bytes(part.high), isToIn: true };
  if (part.kind === 'call') {
    const start = bytes(part.argument);
    return { from: start, isFromIn: true, to: start + AFTER_ALL, isToIn: false };
  }
  if (part.kind !== 'compare') throw validation(NOT_SUPPORTED);
  const bound = bytes(part.right);
  switch (part.operator) {
    case '=':
      return { from: bound, isFromIn: true, to: bound, isToIn: true };
    case '<':
    case '<=':
      return { ...ALL, to: bound, isToIn: part.operator === '<=' };
    case '>':
    case '>=':
      return { ...ALL, from: bound, isFromIn: part.operator === '>=' };
    default:
      throw validation(NOT_SUPPORTED);
  }
}

/**
 * The attribute that a part of a key condition is about.
 * @param {Condition} part
 */
function nameIn(part) {
  /** @type {Operand} */
  let of;
  if (part.kind === 'compare') of = part.left;
  else if (part.kind === 'between') of = part.of;
  else if (part.kind === 'call' && part.name === 'begins_with') of = { kind: 'path', path: part.path };
  else throw validation(`Invalid operator used in KeyConditionExpression: ${part.kind}`);
  if (of.kind !== 'path' || of.path.length > 1) throw validation(NOT_SUPPORTED);
  return of.path[0];
}

/**
 * @param {Operand | undefined} operand
 * @param {KeyAttribute} attribute
 * @param {KeySchema} schema
 */
function bytesIn(operand, attribute, schema) {
  if (operand?.kind !== 'value') throw validation(NOT_SUPPORTED);
  if (typeOf(operand.value) !== attribute.type)
    throw validation(
      'One or more parameter values were invalid: Condition parameter type does not match schema type',
    );
  return schema.bytesOf(attribute, operand.value);
}
