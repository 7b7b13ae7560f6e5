import { invalidValue, serialization, validation } from '../errors.mjs';
import { parseDecimal, textOf } from './decimal.mjs';

/**
 * A value as the API writes it: an object with its type as the only member.
 * @typedef {Record<string, any>} Value
 * @typedef {Record<string, Value>} Item
 */

const MAX_DEPTH = 32;
const BASE64 = /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/;

/** @type {Record<string, (content: any, depth: number) => any>} what is kept of the content of each type */
const CHECKS = {
  S: text,
  N: number,
  B: binary,
  BOOL: flag,
  NULL: (content) => {
    if (flag(content)) return true;
    throw invalidValue('Null attribute value types must have the value of true');
  },
  SS: (content) => set(content, 'string', text),
  NS: (content) => set(content, 'number', number),
  BS: (content) => set(content, 'binary', binary),
  L: (content, depth) => list(content).map((value) => checkValue(value, depth + 1)),
  M: (content, depth) => checkItem(content, depth + 1),
};

/** The types there are. */
export const TYPES = Object.keys(CHECKS);

/**
 * The type of a value.
 * @param {Value} value
 */
export function typeOf(value) {
  for (const type in value) return type;
  return '';
}

/**
 * The value as DynamoDB keeps it, with numbers in their one form. Throws where it is none.
 * @param {unknown} value
 * @returns {Value}
 */
export function checkValue(value, depth = 1) {
  const content = members(value);
  const types = Object.keys(content);
  const [type = ''] = types;
  if (types.length === 0)
    throw validation('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
  if (types.length > 1)
    throw validation(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  if (!Object.hasOwn(CHECKS, type)) throw serialization(`Unknown type of an attribute: ${type}`);
  if (depth > MAX_DEPTH)
    throw validation('Nesting Levels have exceeded supported limits: Attributes nested too deep');
  return { [type]: CHECKS[type](content[type], depth) };
}

/**
 * @param {unknown} item
 * @returns {Item}
 */
export function checkItem(item, depth = 1) {
  /** @type {Item} */
  const checked = {};
  for (const [name, value] of Object.entries(members(item))) checked[name] = checkValue(value, depth);
  return checked;
}

/**
 * @param {unknown} value
 * @returns {Record<string, any>}
 */
function members(value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw serialization('Unexpected value where an object must be');
  return value;
}

/** @param {unknown} content */
function text(content) {
  if (typeof content !== 'string') throw serialization(`${typeof content} cannot be converted to String`);
  return content;
}

/** @param {unknown} content */
function number(content) {
  return textOf(parseDecimal(text(content)));
}

/** @param {unknown} content */
function binary(content) {
  if (!BASE64.test(text(content))) throw serialization('Base64 encoded binary is invalid');
  return content;
}

/** @param {unknown} content */
function flag(content) {
  if (typeof content !== 'boolean') throw serialization(`${typeof content} cannot be converted to Boolean`);
  return content;
}

/**
 * @param {unknown} content
 * @returns {any[]}
 */
function list(content) {
  if (!Array.isArray(content)) throw serialization('Unexpected value where a list must be');
  return content;
}

/**
 * @param {unknown} content
 * @param {string} kind
 * @param {(element: unknown) => any} check
 */
function set(content, kind, check) {
  const elements = list(content).map(check);
  if (elements.length === 0) throw invalidValue(`An ${kind} set  may not be empty`);
  if (new Set(elements).size < elements.length)
    throw invalidValue(`Input collection [${elements.join(', ')}] contains duplicates.`);
  return elements;
}
