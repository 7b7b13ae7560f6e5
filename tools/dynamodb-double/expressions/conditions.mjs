import { checkArgument, checkBounds, checkSides } from './operand-checks.mjs';
import { Reader } from './reader.mjs';

/**
 * @typedef {import('../values/attribute-value.mjs').Value} Value
 * @typedef {import('./reader.mjs').Path} Path
 * @typedef {{ kind: 'path', path: Path } | { kind: 'value', value: Value } | { kind: 'size', path: Path }} Operand
 * @typedef {{ kind: 'and' | 'or', left: Condition, right: Condition }
 *   | { kind: 'not', of: Condition }
 *   | { kind: 'compare', operator: string, left: Operand, right: Operand }
 *   | { kind: 'between', of: Operand, low: Operand, high: Operand }
 *   | { kind: 'in', of: Operand, among: Operand[] }
 *   | { kind: 'call', name: string, path: Path, argument?: Operand | undefined }} Condition
 */

const COMPARATORS = ['=', '<>', '<', '<=', '>', '>='];
/** The functions that are conditions, and how many operands follow the path. */
const FUNCTIONS = new Map([
  ['attribute_exists', 0],
  ['attribute_not_exists', 0],
  ['attribute_type', 1],
  ['begins_with', 1],
  ['contains', 1],
]);
const MOST_IN_LIST = 100;

/**
 * Reads a condition, a filter or a key condition.
 * @param {string} text
 * @param {string} kind
 * @param {import('./placeholders.mjs').Placeholders} placeholders
 * @returns {Condition}
 */
export function conditionOf(text, kind, placeholders) {
  const reader = new Reader(text, kind, placeholders);
  const condition = alternatives(reader);
  reader.expectEnd();
  return condition;
}

/**
 * @param {Reader} reader
 * @returns {Condition}
 */
function alternatives(reader) {
  let left = conjunction(reader);
  while (reader.takes('OR')) left = { kind: 'or', left, right: conjunction(reader) };
  return left;
}

/**
 * @param {Reader} reader
 * @returns {Condition}
 */
function conjunction(reader) {
  let left = negation(reader);
  while (reader.takes('AND')) left = { kind: 'and', left, right: negation(reader) };
  return left;
}

/**
 * @param {Reader} reader
 * @returns {Condition}
 */
function negation(reader) {
  return reader.takes('NOT') ? { kind: 'not', of: negation(reader) } : simple(reader);
}

/**
 * @param {Reader} reader
 * @returns {Condition}
 */
function simple(reader) {
  if (reader.takes('(')) {
    const isDoubled = reader.sees('(');
    const inner = alternatives(reader);
    if (isDoubled && isWhole.has(inner)) throw reader.error('The expression has redundant parentheses;');
    reader.expect(')');
    isWhole.add(inner);
    return inner;
  }
  if (reader.next.kind === 'word' && reader.afterNext?.text === '(' && !reader.sees('SIZE'))
    return call(reader);
  return comparison(reader, operand(reader));
}

/** Conditions in parentheses: those around them again would be too many. */
const isWhole = new WeakSet();

/**
 * @param {Reader} reader
 * @returns {Condition}
 */
function call(reader) {
  const name = reader.take().text;
  const operands = FUNCTIONS.get(name);
  if (operands === undefined) throw reader.error(`Invalid function name; function: ${name}`);
  reader.expect('(');
  const path = reader.path();
  const argument = operands === 0 ? undefined : (reader.expect(','), operand(reader));
  reader.expect(')');
  if (argument?.kind === 'value') checkArgument(reader, name, argument.value);
  return { kind: 'call', name, path, argument };
}

/**
 * @param {Reader} reader
 * @returns {Operand}
 */
function operand(reader) {
  if (reader.next.kind === 'value') return { kind: 'value', value: reader.value() };
  if (!(reader.next.text === 'size' && reader.afterNext?.text === '('))
    return { kind: 'path', path: reader.path() };
  reader.take();
  reader.expect('(');
  const path = reader.path();
  reader.expect(')');
  return { kind: 'size', path };
}

/**
 * @param {Reader} reader
 * @param {Operand} left
 * @returns {Condition}
 */
function comparison(reader, left) {
  if (reader.takes('BETWEEN')) {
    const low = operand(reader);
    reader.expect('AND');
    const high = operand(reader);
    checkBounds(reader, low, high);
    return { kind: 'between', of: left, low, high };
  }
  if (reader.takes('IN')) {
    reader.expect('(');
    const among = reader.list(() => operand(reader));
    reader.expect(')');
    if (among.length > MOST_IN_LIST)
      throw reader.error(`The IN operator has too many operands; operands: ${among.length}`);
    return { kind: 'in', of: left, among };
  }
  const operator = reader.next.text;
  if (!COMPARATORS.includes(operator)) throw reader.wrongToken();
  reader.take();
  const right = operand(reader);
  checkSides(reader, operator, left, right);
  return { kind: 'compare', operator, left, right };
}

/**
 * Every path that a condition names.
 * @param {Condition} condition
 * @returns {Path[]}
 */
export function pathsOf(condition) {
  const of = (/** @type {(Operand | undefined)[]} */ ...operands) =>
    operands.flatMap((one) => (one && one.kind !== 'value' ? [one.path] : []));
  switch (condition.kind) {
    case 'and':
    case 'or':
      return [...pathsOf(condition.left), ...pathsOf(condition.right)];
    case 'not':
      return pathsOf(condition.of);
    case 'compare':
      return of(condition.left, condition.right);
    case 'between':
      return of(condition.of, condition.low, condition.high);
    case 'in':
      return of(condition.of, ...condition.among);
    case 'call':
      return [condition.path, ...of(condition.argument)];
  }
}
