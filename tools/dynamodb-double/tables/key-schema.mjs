import { invalidValue, validation } from '../errors.mjs';
import { checkValue, typeOf } from '../values/attribute-value.mjs';
import { sortable } from '../values/comparing.mjs';
import { hashOf } from './places.mjs';

/**
 * @typedef {import('../values/attribute-value.mjs').Item} Item
 * @typedef {import('../values/attribute-value.mjs').Value} Value
 * @typedef {import('./places.mjs').Place} Place
 * @typedef {{ name: string, type: string, maxBytes: number }} KeyAttribute
 */

const MOST_PARTITION_BYTES = 2_048;
const MOST_SORT_BYTES = 1_024;

/** The key of a table: what an item must have for it, and where it is by it. */
export class KeySchema {
  /** @type {KeyAttribute} */
  partition;
  /** @type {KeyAttribute | undefined} */
  sort;

  /**
   * @param {{ AttributeName: string, KeyType: string }[]} schema
   * @param {{ AttributeName: string, AttributeType: string }[]} definitions
   */
  constructor(schema, definitions) {
    const [partition, sort, ...more] = schema.map(({ AttributeName: name, KeyType }, index) => {
      const type = definitions.find(({ AttributeName }) => AttributeName === name)?.AttributeType;
      if (type === undefined)
        throw invalidValue(
          `Some index key attributes are not defined in AttributeDefinitions. Keys: [${name}]`,
        );
      if (KeyType !== (index === 0 ? 'HASH' : 'RANGE'))
        throw validation('Invalid KeySchema: the first element is to be HASH, the second RANGE');
      return { name, type, maxBytes: index === 0 ? MOST_PARTITION_BYTES : MOST_SORT_BYTES };
    });
    if (more.length > 0 || partition.name === sort?.name)
      throw validation('Invalid KeySchema: at most two different attributes make a key');
    if (definitions.length !== schema.length)
      throw invalidValue(
        'Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
      );
    this.partition = partition;
    this.sort = sort;
  }

  /** @returns {KeyAttribute[]} */
  get attributes() {
    return this.sort ? [this.partition, this.sort] : [this.partition];
  }

  /** @param {string | number} name */
  has(name) {
    return this.partition.name === name || this.sort?.name === name;
  }

  /**
   * The place of an item that is to be kept.
   * @param {Item} item
   */
  placeOfItem(item) {
    for (const { name, type } of this.attributes) {
      if (!Object.hasOwn(item, name)) throw invalidValue(`Missing the key ${name} in the item`);
      const found = typeOf(item[name]);
      if (found !== type)
        throw invalidValue(`Type mismatch for key ${name} expected: ${type} actual: ${found}`);
    }
    return this.#place(item);
  }

  /**
   * A key as a request has it, and its place: nothing else may be in it.
   * @param {unknown} given
   * @returns {{ key: Item, place: Place }}
   */
  readKey(given) {
    const attributes = this.attributes;
    const entries = Object.entries(/** @type {object} */ (given));
    if (entries.length !== attributes.length) throw this.#noMatch();
    /** @type {Item} */
    const key = {};
    for (const { name, type } of attributes) {
      const entry = entries.find(([known]) => known === name);
      if (!entry) throw this.#noMatch();
      key[name] = checkValue(entry[1]);
      if (typeOf(key[name]) !== type) throw this.#noMatch();
    }
    return { key, place: this.#place(key) };
  }

  /**
   * The key of an item.
   * @param {Item} item
   */
  keyOf(item) {
    return Object.fromEntries(this.attributes.map(({ name }) => [name, item[name]]));
  }

  /**
   * The bytes by which a key attribute sorts.
   * @param {KeyAttribute} attribute
   * @param {Value} value
   */
  bytesOf({ name, maxBytes }, value) {
    const bytes = sortable(value) ?? '';
    if (bytes === '')
      throw validation(
        `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty ${typeOf(value) === 'S' ? 'string' : 'binary'} value. Key: ${name}`,
      );
    if (bytes.length > maxBytes)
      throw invalidValue(`Size of a key attribute has exceeded the maximum size limit of ${maxBytes} bytes`);
    return bytes;
  }

  /**
   * @param {Item} item
   * @returns {Place}
   */
  #place(item) {
    const partition = this.bytesOf(this.partition, item[this.partition.name]);
    const sort = this.sort ? this.bytesOf(this.sort, item[this.sort.name]) : '';
    return { hash: hashOf(partition), partition, sort };
  }

  #noMatch() {
    return validation('The provided key element does not match the schema');
  }
}
