import { validation } from '../errors.mjs';
import { checkValue } from '../values/attribute-value.mjs';

/**
 * @typedef {import('../values/attribute-value.mjs').Value} Value
 * @typedef {object} Input
 * @property {Record<string, string>} [ExpressionAttributeNames]
 * @property {Record<string, unknown>} [ExpressionAttributeValues]
 */

/** The stand-ins `#name` and `:value` of a request. Each must be defined, and be used in one of its expressions. */
export class Placeholders {
  /** @type {Map<string, string>} */
  #names;
  /** @type {Map<string, Value>} */
  #values;
  /** @type {Set<string>} */
  #used = new Set();

  /**
   * @param {Input} input
   * @param {boolean} hasExpression
   */
  constructor({ ExpressionAttributeNames: names, ExpressionAttributeValues: values }, hasExpression) {
    for (const [parameter, given, mark] of /** @type {const} */ ([
      ['ExpressionAttributeNames', names, '#'],
      ['ExpressionAttributeValues', values, ':'],
    ])) {
      if (given === undefined) continue;
      if (!hasExpression) throw validation(`${parameter} can only be specified when using expressions`);
      const keys = Object.keys(given);
      if (keys.length === 0) throw validation(`${parameter} must not be empty`);
      const bad = keys.find((key) => key[0] !== mark || !/^\w+$/.test(key.slice(1)));
      if (bad !== undefined)
        throw validation(`${parameter} contains invalid key: Syntax error; key: "${bad}"`);
    }
    this.#names = new Map(Object.entries(names ?? {}));
    this.#values = new Map();
    for (const [key, value] of Object.entries(values ?? {})) this.#values.set(key, checkValue(value));
  }

  /**
   * @param {string} placeholder
   * @param {string} kind of the expression, for the error
   */
  name(placeholder, kind) {
    this.#used.add(placeholder);
    const name = this.#names.get(placeholder);
    if (name === undefined)
      throw validation(
        `Invalid ${kind}: An expression attribute name used in the document path is not defined; attribute name: ${placeholder}`,
      );
    return name;
  }

  /**
   * @param {string} placeholder
   * @param {string} kind
   */
  value(placeholder, kind) {
    this.#used.add(placeholder);
    const value = this.#values.get(placeholder);
    if (value === undefined)
      throw validation(
        `Invalid ${kind}: An expression attribute value used in expression is not defined; attribute value: ${placeholder}`,
      );
    return value;
  }

  /** To be called when all expressions were read. */
  checkAllUsed() {
    for (const [parameter, known] of /** @type {const} */ ([
      ['ExpressionAttributeNames', this.#names],
      ['ExpressionAttributeValues', this.#values],
    ])) {
      const unused = [...known.keys()].filter((key) => !this.#used.has(key));
      if (unused.length > 0)
        throw validation(
          `Value provided in ${parameter} unused in expressions: keys: {${unused.join(', ')}}`,
        );
    }
  }
}
