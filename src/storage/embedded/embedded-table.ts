import type { Database } from 'lmdb';
import type { EmbeddedEnvironment } from './embedded-environment.js';

/** A part of a table, in the order of its keys. `start` itself belongs to it unless `exclusiveStart` is set; `end` not. */
export interface KeyRange<Key> {
  readonly start?: Key;
  readonly end?: Key;
  readonly exclusiveStart?: boolean;
  readonly reverse?: boolean;
  /** The most that are wanted; absent: all. */
  readonly limit?: number;
}

/**
 * A named table of the embedded store: values by text or number keys, in the order of the keys. Reads belong into
 * `EmbeddedDatabase.read`, writes into `EmbeddedDatabase.transaction`.
 *
 * Every value is JSON and tells all about itself. Structures shared between values (lmdb's `sharedStructuresKey`) would
 * be smaller, but a commit that fails, as on a full disk, leaves the writer using one that was never stored: what it
 * writes from then on can never be read.
 */
export class Table<Value, Key extends string | number = string> {
  private values: Database<string, Key>;

  constructor(
    private readonly name: string,
    environment: EmbeddedEnvironment,
  ) {
    this.values = environment.values(name);
  }

  /** Goes on in an environment that was opened anew. */
  moveTo(environment: EmbeddedEnvironment): void {
    this.values = environment.values(this.name);
  }

  /** The value of a key, or undefined. */
  get(key: Key): Value | undefined {
    const json = this.values.get(key);
    return json === undefined ? undefined : this.parse(json);
  }

  /** Puts a value, replacing the one before. */
  put(key: Key, value: Value): void {
    this.values.putSync(key, JSON.stringify(value));
  }

  /** Removes the value of a key, if there is one. */
  remove(key: Key): void {
    this.values.removeSync(key);
  }

  /** The values in a range of keys. */
  range(range: KeyRange<Key>): Value[] {
    return Array.from(this.values.getRange(range), ({ value }) => this.parse(value));
  }

  /** The keys in a range. No value is read. */
  keys(range: KeyRange<Key>): Key[] {
    return Array.from(this.values.getKeys(range));
  }

  private parse(json: string): Value {
    return JSON.parse(json) as Value;
  }
}
