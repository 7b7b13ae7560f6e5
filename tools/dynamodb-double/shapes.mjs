import { serialization, validation } from './errors.mjs';

/**
 * What a parameter must look like. Each of these is a check that throws.
 * @typedef {(value: any, name: string) => void} Shape
 */

/**
 * @param {string} wanted
 * @param {(value: any) => boolean} is
 * @returns {Shape}
 */
function typed(wanted, is) {
  return (value, name) => {
    if (!is(value)) throw serialization(`${name}: ${typeof value} can not be converted to ${wanted}`);
  };
}

export const text = typed('String', (value) => typeof value === 'string');
export const flag = typed('Boolean', (value) => typeof value === 'boolean');
const whole = typed('Integer', Number.isInteger);
const members = typed(
  'a structure',
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);
const elements = typed('a list', Array.isArray);

/** A key, an item, a value: those who use them check what is in them. */
export const attributes = members;

/**
 * @param {string} name
 * @param {unknown} value
 * @param {string} constraint
 */
function constraintError(name, value, constraint) {
  return validation(
    `1 validation error detected: Value '${String(value)}' at '${name}' failed to satisfy constraint: Member must ${constraint}`,
  );
}

/**
 * @param {number} low
 * @param {number} [high]
 * @returns {Shape}
 */
export const wholeFrom =
  (low, high = 2 ** 31 - 1) =>
  (value, name) => {
    whole(value, name);
    if (value < low) throw constraintError(name, value, `have value greater than or equal to ${low}`);
    if (value > high) throw constraintError(name, value, `have value less than or equal to ${high}`);
  };

/**
 * @param {string[]} allowed
 * @returns {Shape}
 */
export const oneOf =
  (...allowed) =>
  (value, name) => {
    text(value, name);
    if (!allowed.includes(value))
      throw constraintError(name, value, `satisfy enum value set: [${allowed.join(', ')}]`);
  };

/** @type {Shape} */
export const tableName = (value, name) => {
  text(value, name);
  if (!/^[\w.-]*$/.test(value))
    throw constraintError(name, value, 'satisfy regular expression pattern: [a-zA-Z0-9_.-]+');
  if (value.length < 3 || value.length > 255)
    throw validation('TableName must be at least 3 characters long and at most 255 characters long');
};

/**
 * @param {Shape} of
 * @param {{ from?: number, to?: number }} [bounds]
 * @returns {Shape}
 */
export const listOf =
  (of, { from = 1, to = Infinity } = {}) =>
  (value, name) => {
    elements(value, name);
    if (value.length < from)
      throw constraintError(name, '[]', `have length greater than or equal to ${from}`);
    if (value.length > to) throw constraintError(name, '[...]', `have length less than or equal to ${to}`);
    for (const element of value) of(element, `${name}.member`);
  };

/**
 * @param {Shape} of
 * @param {{ from?: number, to?: number }} [bounds]
 * @returns {Shape}
 */
export const mapOf =
  (of, { from = 0, to = Infinity } = {}) =>
  (value, name) => {
    members(value, name);
    const values = Object.values(value);
    if (values.length < from)
      throw constraintError(name, '{}', `have length greater than or equal to ${from}`);
    if (values.length > to) throw constraintError(name, '{...}', `have length less than or equal to ${to}`);
    for (const element of values) of(element, `${name}.member`);
  };

/**
 * Members that must be there, and such as may. AWS passes over a member that it does not know; here it is refused, since a
 * parameter that does nothing is a mistake of whoever sent it.
 * @param {Record<string, Shape>} required
 * @param {Record<string, Shape>} [optional]
 * @returns {Shape}
 */
export const structure =
  (required, optional = {}) =>
  (value, name) => {
    members(value, name);
    for (const member of Object.keys(required))
      if (value[member] === undefined || value[member] === null)
        throw constraintError(`${name}.${member}`, 'null', 'not be null');
    for (const [member, content] of Object.entries(value)) {
      const shape = required[member] ?? optional[member];
      if (!shape) throw serialization(`${name} has a member that is not known: ${member}`);
      if (content !== null) shape(content, `${name}.${member}`);
    }
  };
