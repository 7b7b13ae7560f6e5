/**
 * @typedef {object} StreamRecord
 * @property {string} sequence
 * @property {number} visibleAt milliseconds since 1970
 * @property {number} bytes
 * @property {object} told as GetRecords tells it
 */

/** A part of a stream: the changes of the items whose hashes are in its range, in their order. */
export class Shard {
  /** @type {StreamRecord[]} */
  records = [];
  /** @type {string | undefined} */
  lastSequence;

  /**
   * @param {object} facts
   * @param {string} facts.id
   * @param {string | undefined} facts.parent
   * @param {number} facts.low the first hash
   * @param {number} facts.high the hash after the last
   * @param {string} facts.firstSequence
   * @param {number} facts.life how many changes it takes
   */
  constructor({ id, parent, low, high, firstSequence, life }) {
    this.id = id;
    this.parent = parent;
    this.low = low;
    this.high = high;
    this.firstSequence = firstSequence;
    this.life = life;
  }

  /** @param {number} hash */
  takes(hash) {
    return this.lastSequence === undefined && this.low <= hash && hash < this.high;
  }

  get isFull() {
    return this.records.length >= this.life;
  }

  /**
   * A change is never told before one of the same shard that was made before it.
   * @param {StreamRecord} record
   */
  add(record) {
    const visibleAt = Math.max(record.visibleAt, this.records.at(-1)?.visibleAt ?? 0);
    this.records.push({ ...record, visibleAt });
  }

  /** How many of the records can be had by now. */
  get visible() {
    const now = Date.now();
    let count = this.records.length;
    while (count > 0 && this.records[count - 1].visibleAt > now) count -= 1;
    return count;
  }

  get description() {
    return {
      ShardId: this.id,
      SequenceNumberRange: {
        StartingSequenceNumber: this.firstSequence,
        ...(this.lastSequence === undefined ? {} : { EndingSequenceNumber: this.lastSequence }),
      },
      ...(this.parent === undefined ? {} : { ParentShardId: this.parent }),
    };
  }
}
