import { AFTER_ALL, comparePlaces } from './places.mjs';
import { SortedList } from './sorted-list.mjs';

/**
 * @typedef {import('../values/attribute-value.mjs').Item} Item
 * @typedef {import('./places.mjs').Place} Place
 * @typedef {import('./key-schema.mjs').KeySchema} KeySchema
 * @typedef {Place & { item: Item, size: number }} Entry
 * @typedef {object} Range from one place to another; each of them belongs to it or not
 * @property {Place} from
 * @property {boolean} isFromIn
 * @property {Place} to
 * @property {boolean} isToIn
 * @typedef {object} Write
 * @property {Place} place
 * @property {Entry | undefined} before
 * @property {number} at milliseconds since 1970
 */

/** How many of the latest writes are remembered, so that reads can miss them. */
const REMEMBERED = 16;

/** The items of a table, and what was last done to them. */
export class Table {
  /** @type {Map<string, Entry>} */
  #entries = new Map();
  /** @type {SortedList<Place & Partial<Entry>>} */
  #order = new SortedList(comparePlaces);
  /** @type {Write[]} the latest last */
  writes = [];
  /** @type {((write: Write, after: Entry | undefined) => void) | undefined} */
  onWrite;

  /** @param {KeySchema} schema */
  constructor(schema) {
    this.schema = schema;
  }

  /**
   * @param {Place} place
   * @returns {Entry | undefined}
   */
  get(place) {
    return this.#entries.get(idOf(place));
  }

  /**
   * Puts an item in the place of the one before.
   * @param {Entry} entry
   */
  put(entry) {
    const id = idOf(entry);
    const before = this.#entries.get(id);
    this.#entries.set(id, entry);
    this.#order.put(entry);
    this.#tell(entry, before, entry);
  }

  /**
   * Removes the item at a place, if there is one.
   * @param {Place} place
   */
  remove(place) {
    const id = idOf(place);
    const before = this.#entries.get(id);
    if (before === undefined) return;
    this.#entries.delete(id);
    this.#order.remove(place);
    this.#tell(place, before, undefined);
  }

  /**
   * The items of a range.
   * @param {Range} range
   * @param {boolean} isForward
   * @returns {Generator<Entry>}
   */
  *walk(range, isForward) {
    const all = isForward ? this.#order.forwards(range.from) : this.#order.backwards(range.to);
    for (const entry of all) {
      if (isForward ? isAfter(entry, range) : isBefore(entry, range)) return;
      if (!isBefore(entry, range) && !isAfter(entry, range)) yield /** @type {Entry} */ (entry);
    }
  }

  /**
   * @param {Place} place
   * @param {Entry | undefined} before
   * @param {Entry | undefined} after
   */
  #tell({ hash, partition, sort }, before, after) {
    const write = { place: { hash, partition, sort }, before, at: Date.now() };
    this.writes.push(write);
    if (this.writes.length > REMEMBERED) this.writes.shift();
    this.onWrite?.(write, after);
  }
}

/** @param {Place} place */
export function idOf({ partition, sort }) {
  return partition + AFTER_ALL + sort;
}

/**
 * @param {Place} place
 * @param {Range} range
 */
export function isBefore(place, { from, isFromIn }) {
  const order = comparePlaces(place, from);
  return order < 0 || (order === 0 && !isFromIn);
}

/**
 * @param {Place} place
 * @param {Range} range
 */
export function isAfter(place, { to, isToIn }) {
  const order = comparePlaces(place, to);
  return order > 0 || (order === 0 && !isToIn);
}
