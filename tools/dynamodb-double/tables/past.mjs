import { comparePlaces } from './places.mjs';
import { idOf, isAfter, isBefore } from './table.mjs';

/**
 * @typedef {import('./table.mjs').Table} Table
 * @typedef {import('./table.mjs').Entry} Entry
 * @typedef {import('./table.mjs').Range} Range
 * @typedef {import('./places.mjs').Place} Place
 */

/** An eventually consistent read is usually behind by less than a second. */
const MOST_BEHIND_MS = 1_000;

/** A table as it was before its latest writes: what an eventually consistent read may see. */
export class Past {
  #table;
  /** @type {Map<string, { place: Place, entry: Entry | undefined }>} what was elsewhere than now */
  #differing = new Map();

  /**
   * @param {Table} table
   * @param {number} behind by how many writes, unless those are too long ago
   */
  constructor(table, behind) {
    this.#table = table;
    const missed = behind === 0 ? [] : table.writes.slice(-behind);
    // The earliest write of an item tells how it was before all of them.
    for (const { place, before, at } of missed.reverse())
      if (Date.now() - at <= MOST_BEHIND_MS) this.#differing.set(idOf(place), { place, entry: before });
  }

  /** @param {Place} place */
  get(place) {
    const differing = this.#differing.get(idOf(place));
    return differing ? differing.entry : this.#table.get(place);
  }

  /**
   * @param {Range} range
   * @param {boolean} isForward
   * @returns {Generator<Entry>}
   */
  *walk(range, isForward) {
    const direction = isForward ? 1 : -1;
    const old = [...this.#differing.values()]
      .flatMap(({ entry }) => entry ?? [])
      .filter((entry) => !isBefore(entry, range) && !isAfter(entry, range))
      .sort((a, b) => direction * comparePlaces(a, b));
    for (const entry of this.#table.walk(range, isForward)) {
      while (old.length > 0 && direction * comparePlaces(old[0], entry) < 0)
        yield /** @type {Entry} */ (old.shift());
      if (!this.#differing.has(idOf(entry))) yield entry;
    }
    yield* old;
  }
}
