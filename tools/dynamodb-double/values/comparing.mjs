import { typeOf } from './attribute-value.mjs';
import { parseDecimal, sortableOf } from './decimal.mjs';

/** @typedef {import('./attribute-value.mjs').Value} Value */

/** @type {Record<string, (content: string) => string>} */
const SORTABLE = {
  S: bytesOf,
  N: (content) => sortableOf(parseDecimal(content)),
  B: (content) => Buffer.from(content, 'base64').toString('latin1'),
};

/**
 * A text that sorts as the value does among those of its type: texts and binaries by their bytes. Undefined of a type that
 * has no order.
 * @param {Value} value
 * @returns {string | undefined}
 */
export function sortable(value) {
  const type = typeOf(value);
  return SORTABLE[type]?.(value[type]);
}

/**
 * Its UTF-8, one character a byte: JavaScript orders texts by UTF-16, DynamoDB by UTF-8.
 * @param {string} text
 */
function bytesOf(text) {
  const bytes = Buffer.from(text, 'utf8');
  return bytes.length === text.length ? text : bytes.toString('latin1');
}

/**
 * Whether two values are the same, of the same type; sets in any order.
 * @param {Value | undefined} a
 * @param {Value | undefined} b
 * @returns {boolean}
 */
export function isSame(a, b) {
  if (a === undefined || b === undefined) return a === b;
  const type = typeOf(a);
  if (type !== typeOf(b)) return false;
  const [left, right] = [a[type], b[type]];
  switch (type) {
    case 'SS':
    case 'NS':
    case 'BS':
      return left.length === right.length && left.every((/** @type {string} */ one) => right.includes(one));
    case 'L':
      return (
        left.length === right.length &&
        left.every((/** @type {Value} */ one, /** @type {number} */ index) => isSame(one, right[index]))
      );
    case 'M':
      return isSameItem(left, right);
    default:
      return left === right;
  }
}

/**
 * @param {Record<string, Value>} a
 * @param {Record<string, Value>} b
 */
export function isSameItem(a, b) {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => isSame(a[name], b[name]));
}
