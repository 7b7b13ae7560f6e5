/**
 * @typedef {import('../values/attribute-value.mjs').Value} Value
 * @typedef {import('../values/attribute-value.mjs').Item} Item
 * @typedef {import('./reader.mjs').Path} Path
 */

/**
 * The value at a path, if there is one.
 * @param {Item} item
 * @param {Path} path
 * @returns {Value | undefined}
 */
export function valueAt(item, path) {
  /** @type {Value | undefined} */
  let value = { M: item };
  for (const step of path) {
    /** @type {any} */
    const within = typeof step === 'number' ? value.L : value.M;
    if (within === undefined || !Object.hasOwn(within, step)) return undefined;
    value = within[step];
    if (value === undefined) return undefined;
  }
  return value;
}

/**
 * Two paths of which one begins with the other, or which take one value for a list and for a map.
 * @param {Path[]} paths
 * @returns {{ how: 'overlap' | 'conflict', one: Path, other: Path } | undefined}
 */
export function clashOf(paths) {
  // Nearly always paths are plain, and there are many: those are compared by their names alone.
  const firsts = paths.map(([name]) => name);
  if (new Set(firsts).size === firsts.length) return undefined;
  for (const [index, one] of paths.entries())
    for (const other of paths.slice(index + 1)) {
      const length = Math.min(one.length, other.length);
      const differs = one.slice(0, length).findIndex((step, at) => step !== other[at]);
      if (differs === -1) return { how: 'overlap', one, other };
      if (typeof one[differs] !== typeof other[differs]) return { how: 'conflict', one, other };
    }
  return undefined;
}
