import { clashOf } from './paths.mjs';
import { pathText, Reader } from './reader.mjs';

/**
 * @typedef {import('../values/attribute-value.mjs').Value} Value
 * @typedef {import('./reader.mjs').Path} Path
 * @typedef {{ kind: 'path', path: Path }
 *   | { kind: 'value', value: Value }
 *   | { kind: 'if_not_exists', path: Path, otherwise: Term }
 *   | { kind: 'list_append', left: Term, right: Term }
 *   | { kind: '+' | '-', left: Term, right: Term }} Term
 * @typedef {{ kind: 'SET', path: Path, term: Term }
 *   | { kind: 'REMOVE', path: Path }
 *   | { kind: 'ADD' | 'DELETE', path: Path, value: Value }} Action
 */

/** What an update changes may be one of: what `ADD` adds to, and what `DELETE` takes from. */
const OPERANDS = { ADD: ['N', 'SS', 'NS', 'BS'], DELETE: ['SS', 'NS', 'BS'] };

/**
 * Reads an update expression.
 * @param {string} text
 * @param {import('./placeholders.mjs').Placeholders} placeholders
 * @returns {Action[]}
 */
export function updateOf(text, placeholders) {
  const reader = new Reader(text, 'UpdateExpression', placeholders);
  /** @type {Action[]} */
  const actions = [];
  const seen = new Set();
  do {
    const section = reader.take().text.toUpperCase();
    if (seen.has(section))
      throw reader.error(`The "${section}" section can only be used once in an update expression;`);
    seen.add(section);
    actions.push(...reader.list(() => action(reader, section)));
  } while (reader.next.kind !== 'end');
  checkPaths(
    reader,
    actions.map(({ path }) => path),
  );
  return actions;
}

/**
 * @param {Reader} reader
 * @param {string} section
 * @returns {Action}
 */
function action(reader, section) {
  switch (section) {
    case 'SET': {
      const path = reader.path();
      reader.expect('=');
      return { kind: section, path, term: term(reader) };
    }
    case 'REMOVE':
      return { kind: section, path: reader.path() };
    case 'ADD':
    case 'DELETE': {
      const path = reader.path();
      if (path.length > 1) throw reader.error(`${section} can only be used on top-level attributes;`);
      if (reader.next.kind !== 'value') throw reader.wrongToken();
      const value = reader.value();
      const [type = ''] = Object.keys(value);
      if (!OPERANDS[section].includes(type))
        throw reader.error(
          `Incorrect operand type for operator or function; operator: ${section}, operand type: ${type}`,
        );
      return { kind: section, path, value };
    }
    default:
      throw reader.wrongToken(-1);
  }
}

/**
 * @param {Reader} reader
 * @returns {Term}
 */
function term(reader) {
  const left = operand(reader);
  if (reader.takes('+')) return { kind: '+', left, right: operand(reader) };
  if (reader.takes('-')) return { kind: '-', left, right: operand(reader) };
  return left;
}

/**
 * @param {Reader} reader
 * @returns {Term}
 */
function operand(reader) {
  if (reader.next.kind === 'value') return { kind: 'value', value: reader.value() };
  if (!(reader.next.kind === 'word' && reader.afterNext?.text === '('))
    return { kind: 'path', path: reader.path() };
  const name = reader.take().text;
  reader.expect('(');
  /** @type {Term} */
  let found;
  if (name === 'if_not_exists') {
    const path = reader.path();
    reader.expect(',');
    found = { kind: name, path, otherwise: operand(reader) };
  } else if (name === 'list_append') {
    const left = operand(reader);
    reader.expect(',');
    found = { kind: name, left, right: operand(reader) };
  } else throw reader.error(`Invalid function name; function: ${name}`);
  reader.expect(')');
  return found;
}

/**
 * @param {Reader} reader
 * @param {Path[]} paths
 */
function checkPaths(reader, paths) {
  const clash = clashOf(paths);
  if (clash)
    throw reader.error(
      `Two document paths ${clash.how} with each other; must remove or rewrite one of these paths; path one: ${pathText(clash.one)}, path two: ${pathText(clash.other)}`,
    );
}
