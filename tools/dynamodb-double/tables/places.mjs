/**
 * Where an item is among those of its table: by the hash of its partition key, then by that key, then by its sort key.
 * @typedef {object} Place
 * @property {number} hash from 0 up to, but not, 2^32
 * @property {string} partition
 * @property {string} sort empty where the table has no sort key
 */

/** After every sort key: those consist of bytes. */
export const AFTER_ALL = '\u0100';
/** How many hashes there are. */
export const HASHES = 2 ** 32;

/**
 * @param {Place} a
 * @param {Place} b
 */
export function comparePlaces(a, b) {
  if (a.hash !== b.hash) return a.hash - b.hash;
  if (a.partition !== b.partition) return a.partition < b.partition ? -1 : 1;
  if (a.sort === b.sort) return 0;
  return a.sort < b.sort ? -1 : 1;
}

/**
 * FNV-1a, with its bits mixed: near keys are to be far from each other.
 * @param {string} text of bytes
 */
export function hashOf(text) {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
