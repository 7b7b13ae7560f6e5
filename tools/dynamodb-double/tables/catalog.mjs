import { inUse, notFound } from '../errors.mjs';

/**
 * @typedef {import('./managed-table.mjs').ManagedTable} ManagedTable
 * @typedef {import('../streams/stream.mjs').Stream} Stream
 */

/** All tables of the server, and all streams that there were. */
export class Catalog {
  /** @type {Map<string, ManagedTable>} */
  #tables = new Map();
  /** @type {Map<string, Stream>} */
  #streams = new Map();

  /** @param {import('../hostility.mjs').Calm} hostility */
  constructor(hostility) {
    this.hostility = hostility;
  }

  /** @returns {string[]} in their order */
  get tableNames() {
    return [...this.#tables.keys()].filter((name) => this.has(name)).sort();
  }

  /** @returns {Stream[]} in the order of their names */
  get streams() {
    return [...this.#streams.values()].sort((a, b) => (a.arn < b.arn ? -1 : 1));
  }

  /** @param {string} name */
  has(name) {
    if (this.#tables.get(name)?.status === 'GONE') this.#tables.delete(name);
    return this.#tables.has(name);
  }

  /** @param {ManagedTable} table */
  add(table) {
    this.#tables.set(table.name, table);
  }

  /** @param {Stream} stream */
  addStream(stream) {
    this.#streams.set(stream.arn, stream);
  }

  /** @param {string} arn */
  stream(arn) {
    const stream = this.#streams.get(arn);
    if (!stream) throw notFound(`Stream: ${arn}`);
    return stream;
  }

  /**
   * A table whatever its status.
   * @param {string} name
   */
  table(name) {
    const table = this.has(name) ? this.#tables.get(name) : undefined;
    if (!table) throw notFound(`Table: ${name}`);
    return table;
  }

  /**
   * A table whose settings may be changed.
   * @param {string} name
   */
  settledTable(name) {
    const table = this.table(name);
    if (table.status !== 'ACTIVE')
      throw inUse(
        `Attempt to change a resource which is still in use: Table is being ${table.status}: ${name}`,
      );
    return table;
  }

  /**
   * A table whose items may be used.
   * @param {string} name
   */
  usableTable(name) {
    const table = this.table(name);
    if (table.status === 'CREATING' || table.status === 'DELETING') throw notFound(`Table: ${name}`);
    return table;
  }
}
