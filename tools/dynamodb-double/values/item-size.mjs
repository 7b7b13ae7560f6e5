import { typeOf } from './attribute-value.mjs';

/**
 * @typedef {import('./attribute-value.mjs').Value} Value
 * @typedef {import('./attribute-value.mjs').Item} Item
 */

/** What a list or a map takes itself, and each of its elements. */
const COLLECTION_BYTES = 3;
const ELEMENT_BYTES = 1;

/** @type {Record<string, (content: any) => number>} */
const SIZES = {
  S: (content) => Buffer.byteLength(content),
  N: numberSize,
  B: (content) => Buffer.byteLength(content, 'base64'),
  BOOL: () => 1,
  NULL: () => 1,
  SS: (content) => total(content, SIZES.S),
  NS: (content) => total(content, SIZES.N),
  BS: (content) => total(content, SIZES.B),
  L: (content) => COLLECTION_BYTES + ELEMENT_BYTES * content.length + total(content, valueSize),
  M: (content) => COLLECTION_BYTES + ELEMENT_BYTES * Object.keys(content).length + itemSize(content),
};

/**
 * How many bytes an item counts, by the rules of the developer guide: names and values.
 * @param {Item} item
 */
export function itemSize(item) {
  let size = 0;
  for (const name in item) size += Buffer.byteLength(name) + valueSize(item[name]);
  return size;
}

/** @param {Value} value */
function valueSize(value) {
  const type = typeOf(value);
  return SIZES[type](value[type]);
}

/**
 * A byte for each two digits that count, and one; one more for a minus.
 * @param {string} text
 */
function numberSize(text) {
  const digits = text.replace(/[-.]/g, '').replace(/^0+|0+$/g, '');
  return Math.ceil(digits.length / 2) + 1 + (text.startsWith('-') ? 1 : 0);
}

/**
 * @template T
 * @param {T[]} elements
 * @param {(element: T) => number} size
 */
function total(elements, size) {
  return elements.reduce((sum, element) => sum + size(element), 0);
}
