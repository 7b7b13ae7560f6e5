import { clashOf, valueAt } from './paths.mjs';
import { pathText, Reader } from './reader.mjs';

/**
 * @typedef {import('../values/attribute-value.mjs').Value} Value
 * @typedef {import('../values/attribute-value.mjs').Item} Item
 * @typedef {import('./reader.mjs').Path} Path
 */

/**
 * Reads which parts of an item are wanted.
 * @param {string} text
 * @param {import('./placeholders.mjs').Placeholders} placeholders
 * @returns {Path[]}
 */
export function projectionOf(text, placeholders) {
  const reader = new Reader(text, 'ProjectionExpression', placeholders);
  const paths = reader.list(() => reader.path());
  reader.expectEnd();
  const clash = clashOf(paths);
  if (clash)
    throw reader.error(
      `Two document paths ${clash.how} with each other; must remove or rewrite one of these paths; path one: ${pathText(clash.one)}, path two: ${pathText(clash.other)}`,
    );
  return paths;
}

/**
 * Those parts of an item that are there. Elements of a list close up.
 * @param {Item} item
 * @param {Path[]} paths
 * @returns {Item}
 */
export function projected(item, paths) {
  const tree = new Map();
  for (const path of paths) {
    if (valueAt(item, path) === undefined) continue;
    let node = tree;
    for (const step of path) {
      if (!node.has(step)) node.set(step, new Map());
      node = node.get(step);
    }
  }
  return tree.size === 0 ? {} : partOf({ M: item }, tree).M;
}

/**
 * @param {Value} value
 * @param {Map<string | number, Map<any, any>>} tree
 * @returns {Value}
 */
function partOf(value, tree) {
  if (tree.size === 0) return value;
  const steps = [...tree];
  if (value.L !== undefined)
    return {
      L: steps.sort(([a], [b]) => Number(a) - Number(b)).map(([step, inner]) => partOf(value.L[step], inner)),
    };
  return { M: Object.fromEntries(steps.map(([step, inner]) => [step, partOf(value.M[step], inner)])) };
}
