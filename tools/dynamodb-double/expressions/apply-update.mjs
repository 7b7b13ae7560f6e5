import { validation } from '../errors.mjs';
import { typeOf } from '../values/attribute-value.mjs';
import { parseDecimal, sum, textOf } from '../values/decimal.mjs';
import { valueAt } from './paths.mjs';

/**
 * @typedef {import('../values/attribute-value.mjs').Value} Value
 * @typedef {import('../values/attribute-value.mjs').Item} Item
 * @typedef {import('./reader.mjs').Path} Path
 * @typedef {import('./updates.mjs').Action} Action
 * @typedef {import('./updates.mjs').Term} Term
 */

const WRONG_TYPE = 'An operand in the update expression has an incorrect data type';
const MISSING = 'The provided expression refers to an attribute that does not exist in the item';
const WRONG_PATH = 'The document path provided in the update expression is invalid for update';

/**
 * What an update makes of an item. Every term sees the item as it was before.
 * @param {Action[]} actions
 * @param {Item} before
 * @returns {Item}
 */
export function updated(actions, before) {
  const after = changeable(before, actions);
  /** @type {Path[]} */
  const removals = [];
  for (const action of actions) {
    if (action.kind === 'SET') put(after, action.path, resolve(action.term, before));
    else if (action.kind === 'REMOVE') removals.push(action.path);
    else {
      const old = valueAt(before, action.path);
      const value = action.kind === 'ADD' ? added(old, action.value) : without(old, action.value);
      if (value) put(after, action.path, value);
      else removals.push(action.path);
    }
  }
  for (const path of lastPlacesFirst(removals)) remove(after, path);
  return after;
}

/**
 * Elements of a list are named by their places before the update, so that the last must go first.
 * @param {Path[]} paths
 */
function lastPlacesFirst(paths) {
  const place = (/** @type {Path} */ path) => {
    const step = path[path.length - 1];
    return typeof step === 'number' ? step : 0;
  };
  return [...paths].sort((a, b) => place(b) - place(a));
}

/**
 * A copy of an item in which what the paths lead to may be changed.
 * @param {Item} item
 * @param {Action[]} actions
 */
function changeable(item, actions) {
  const copy = { ...item };
  for (const { path } of actions) {
    const [name] = path;
    if (path.length > 1 && copy[name] !== undefined && copy[name] === item[name])
      copy[name] = structuredClone(copy[name]);
  }
  return copy;
}

/**
 * @param {Term} term
 * @param {Item} item
 * @returns {Value}
 */
function resolve(term, item) {
  switch (term.kind) {
    case 'value':
      return term.value;
    case 'path': {
      const value = valueAt(item, term.path);
      if (value === undefined) throw validation(MISSING);
      return value;
    }
    case 'if_not_exists':
      return valueAt(item, term.path) ?? resolve(term.otherwise, item);
    case 'list_append': {
      const [left, right] = [resolve(term.left, item), resolve(term.right, item)];
      if (left.L === undefined || right.L === undefined) throw validation(WRONG_TYPE);
      return { L: [...left.L, ...right.L] };
    }
    default:
      return numberSum(resolve(term.left, item), resolve(term.right, item), term.kind === '+' ? 1 : -1);
  }
}

/**
 * @param {Value} left
 * @param {Value} right
 * @param {1 | -1} sign
 */
function numberSum(left, right, sign) {
  if (left.N === undefined || right.N === undefined) throw validation(WRONG_TYPE);
  return { N: textOf(sum(parseDecimal(left.N), parseDecimal(right.N), sign)) };
}

/**
 * @param {Value | undefined} old
 * @param {Value} value
 * @returns {Value}
 */
function added(old, value) {
  if (old === undefined) return value;
  const type = typeOf(value);
  if (typeOf(old) !== type) throw validation(WRONG_TYPE);
  return type === 'N' ? numberSum(old, value, 1) : { [type]: [...new Set([...old[type], ...value[type]])] };
}

/**
 * What is left of a set; undefined where nothing is, since there is no empty set.
 * @param {Value | undefined} old
 * @param {Value} value
 * @returns {Value | undefined}
 */
function without(old, value) {
  if (old === undefined) return undefined;
  const type = typeOf(value);
  if (typeOf(old) !== type) throw validation(WRONG_TYPE);
  const left = old[type].filter((/** @type {string} */ one) => !value[type].includes(one));
  return left.length === 0 ? undefined : { [type]: left };
}

/**
 * @param {Item} item
 * @param {Path} path
 * @param {Value} value
 */
function put(item, path, value) {
  const step = path[path.length - 1];
  const within = containerOf(item, path);
  if (within === undefined) throw validation(WRONG_PATH);
  // Beyond the end of a list is its end.
  if (Array.isArray(within) && Number(step) >= within.length) within.push(value);
  else within[step] = value;
}

/**
 * @param {Item} item
 * @param {Path} path
 */
function remove(item, path) {
  const step = path[path.length - 1];
  const within = containerOf(item, path);
  if (within === undefined) throw validation(WRONG_PATH);
  if (Array.isArray(within)) within.splice(Number(step), 1);
  else Reflect.deleteProperty(within, step);
}

/**
 * The list or map that the last step of a path is in.
 * @param {Item} item
 * @param {Path} path
 * @returns {any}
 */
function containerOf(item, path) {
  if (path.length === 1) return item;
  const value = valueAt(item, path.slice(0, -1));
  return typeof path[path.length - 1] === 'number' ? value?.L : value?.M;
}
