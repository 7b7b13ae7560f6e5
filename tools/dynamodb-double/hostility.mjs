import { internalError, limitExceeded, throttling, throughputExceeded } from './errors.mjs';

/**
 * What the server may do differently each time. This one always does what a client likes best, as emulators do; see
 * {@link Hostile} for the other.
 */
export class Calm {
  /**
   * What to answer instead of doing a request.
   * @param {string} _operation
   * @returns {Error | undefined}
   */
  refusal(_operation) {
    return undefined;
  }

  /**
   * Whether the answer to a request that was done never arrives.
   * @param {string} _operation
   */
  losesAnswer(_operation) {
    return false;
  }

  /** By how many writes an eventually consistent read is behind. */
  writesBehind() {
    return 0;
  }

  /**
   * How many items a page looks at, where so many are allowed. None: the page is empty, and there are more.
   * @param {number} limit
   */
  pageSize(limit) {
    return limit;
  }

  /**
   * How many requests of a batch are done, or how many records of a page are given.
   * @param {number} count
   */
  share(count) {
    return count;
  }

  /** Milliseconds that a table takes to be created, changed or deleted. */
  tableDelay() {
    return 0;
  }

  /** Milliseconds until a change shows in the stream. */
  recordDelay() {
    return 0;
  }

  /** Changes that a shard of a stream takes before others take its place. */
  shardLife() {
    return 40;
  }
}

/** How often something goes wrong. With these, suites take about twice as long. */
const THROTTLED = 0.02;
const FAILED = 0.005;
const LOST = 0.005;
const CUT_SHORT = 0.2;
const EMPTY = 0.05;
const MOST_BEHIND = 8;
const MOST_TABLE_DELAY_MS = 150;
const MOST_RECORD_DELAY_MS = 300;

const CONTROL = /^(Create|Delete|Update|Describe|List)(Table|TimeToLive|ContinuousBackups)/;
const STREAMS = /^(ListStreams|DescribeStream|GetShardIterator|GetRecords)$/;

/** Does, from a seed, all that AWS may do and that emulators never do. */
export class Hostile extends Calm {
  #random;

  /** @param {import('../../test/fuzz/random.mjs').Random} random */
  constructor(random) {
    super();
    this.#random = random;
  }

  /** @param {string} operation */
  refusal(operation) {
    if (this.#random.chance(FAILED)) return internalError();
    if (!this.#random.chance(THROTTLED)) return undefined;
    if (STREAMS.test(operation)) return limitExceeded();
    return CONTROL.test(operation) || this.#random.chance(0.5) ? throttling() : throughputExceeded();
  }

  /** @param {string} _operation */
  losesAnswer(_operation) {
    return this.#random.chance(LOST);
  }

  writesBehind() {
    return this.#random.whole(0, MOST_BEHIND);
  }

  /** @param {number} limit */
  pageSize(limit) {
    if (this.#random.chance(EMPTY)) return 0;
    return this.#cut(limit);
  }

  /** @param {number} count */
  share(count) {
    return this.#cut(count);
  }

  tableDelay() {
    return this.#random.whole(0, MOST_TABLE_DELAY_MS);
  }

  recordDelay() {
    return this.#random.whole(0, MOST_RECORD_DELAY_MS);
  }

  shardLife() {
    return 1 + this.#random.whole(0, 20);
  }

  /**
   * Some of so many: at least one, and nearly always all.
   * @param {number} count
   */
  #cut(count) {
    if (count < 2 || !this.#random.chance(CUT_SHORT)) return count;
    // Of a page without a limit a few, too: otherwise it would hardly ever end before the items do.
    return 1 + this.#random.whole(0, Math.min(count, 20) - 2);
  }
}
