import { typeOf } from '../values/attribute-value.mjs';
import { isSame, sortable } from '../values/comparing.mjs';
import { valueAt } from './paths.mjs';

/**
 * @typedef {import('../values/attribute-value.mjs').Value} Value
 * @typedef {import('../values/attribute-value.mjs').Item} Item
 * @typedef {import('./conditions.mjs').Condition} Condition
 * @typedef {import('./conditions.mjs').Operand} Operand
 */

/**
 * Whether an item is as a condition says. A comparison with what is not there, or is of another type, is false.
 * @param {Condition} condition
 * @param {Item} item empty where there is none
 * @returns {boolean}
 */
export function holds(condition, item) {
  const value = (/** @type {Operand} */ operand) => valueOf(operand, item);
  switch (condition.kind) {
    case 'and':
      return holds(condition.left, item) && holds(condition.right, item);
    case 'or':
      return holds(condition.left, item) || holds(condition.right, item);
    case 'not':
      return !holds(condition.of, item);
    case 'compare':
      return compares(condition.operator, value(condition.left), value(condition.right));
    case 'between': {
      const of = value(condition.of);
      return compares('>=', of, value(condition.low)) && compares('<=', of, value(condition.high));
    }
    case 'in': {
      const of = value(condition.of);
      return condition.among.some((one) => compares('=', of, value(one)));
    }
    case 'call':
      return calls(
        condition.name,
        valueAt(item, condition.path),
        condition.argument && value(condition.argument),
      );
  }
}

/**
 * @param {Operand} operand
 * @param {Item} item
 * @returns {Value | undefined}
 */
function valueOf(operand, item) {
  switch (operand.kind) {
    case 'value':
      return operand.value;
    case 'path':
      return valueAt(item, operand.path);
    case 'size': {
      const size = sizeOf(valueAt(item, operand.path));
      return size === undefined ? undefined : { N: String(size) };
    }
  }
}

/**
 * @param {Value | undefined} value
 * @returns {number | undefined}
 */
function sizeOf(value) {
  if (value === undefined) return undefined;
  const type = typeOf(value);
  const content = value[type];
  switch (type) {
    case 'S':
      return Buffer.byteLength(content);
    case 'B':
      return Buffer.byteLength(content, 'base64');
    case 'SS':
    case 'NS':
    case 'BS':
    case 'L':
      return content.length;
    case 'M':
      return Object.keys(content).length;
    default:
      return undefined;
  }
}

/**
 * @param {string} operator
 * @param {Value | undefined} left
 * @param {Value | undefined} right
 */
function compares(operator, left, right) {
  // What is not there equals nothing, and so it differs.
  if (left === undefined || right === undefined) return operator === '<>';
  if (operator === '=') return isSame(left, right);
  if (operator === '<>') return !isSame(left, right);
  if (typeOf(left) !== typeOf(right)) return false;
  const [a, b] = [sortable(left), sortable(right)];
  if (a === undefined || b === undefined) return false;
  switch (operator) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    default:
      return a >= b;
  }
}

/**
 * @param {string} name
 * @param {Value | undefined} value
 * @param {Value | undefined} argument
 */
function calls(name, value, argument) {
  if (name === 'attribute_exists') return value !== undefined;
  if (name === 'attribute_not_exists') return value === undefined;
  if (value === undefined || argument === undefined) return false;
  const [type, wanted] = [typeOf(value), typeOf(argument)];
  switch (name) {
    case 'attribute_type':
      return type === argument.S;
    case 'begins_with':
      return type === wanted && (sortable(value) ?? '').startsWith(sortable(argument) ?? '');
    default:
      return contains(value, type, argument, wanted);
  }
}

/**
 * @param {Value} value
 * @param {string} type
 * @param {Value} argument
 * @param {string} wanted
 */
function contains(value, type, argument, wanted) {
  switch (type) {
    case 'S':
    case 'B':
      return type === wanted && (sortable(value) ?? '').includes(sortable(argument) ?? '');
    case 'SS':
    case 'NS':
    case 'BS':
      return type === `${wanted}S` && value[type].includes(argument[wanted]);
    case 'L':
      return value.L.some((/** @type {Value} */ one) => isSame(one, argument));
    default:
      return false;
  }
}
