import { randomBytes, randomUUID } from 'node:crypto';
import { isSameItem } from '../values/comparing.mjs';
import { itemSize } from '../values/item-size.mjs';
import { HASHES } from '../tables/places.mjs';
import { Shard } from './shard.mjs';

/**
 * @typedef {import('../tables/table.mjs').Write} Write
 * @typedef {import('../tables/table.mjs').Entry} Entry
 * @typedef {import('../hostility.mjs').Calm} Hostility
 */

const FIRST_SHARDS = 2;
/** Beyond this one that is full is followed by one, not by two. */
const MOST_OPEN = 4;

/** Of all streams: those of a later record are greater. */
let sequences = 0n;
const FIRST_SEQUENCE = 100_000_000_000_000_000_000n;

function nextSequence() {
  sequences += 1n;
  return String(FIRST_SEQUENCE + sequences);
}

/** The changes of a table, from when its stream was switched on until it was switched off. */
export class Stream {
  /** @type {Shard[]} */
  shards = [];
  isEnabled = true;
  createdAt = Date.now();
  label = new Date(this.createdAt).toISOString().slice(0, -1);

  /**
   * @param {object} facts
   * @param {string} facts.tableName
   * @param {string} facts.tableArn
   * @param {string} facts.region
   * @param {string} facts.viewType
   * @param {import('../tables/key-schema.mjs').KeySchema} facts.schema
   * @param {Hostility} hostility
   */
  constructor({ tableName, tableArn, region, viewType, schema }, hostility) {
    this.tableName = tableName;
    this.region = region;
    this.viewType = viewType;
    this.schema = schema;
    this.hostility = hostility;
    this.arn = `${tableArn}/stream/${this.label}`;
    const width = HASHES / FIRST_SHARDS;
    for (let n = 0; n < FIRST_SHARDS; n += 1) this.#open(n * width, (n + 1) * width, undefined);
  }

  /**
   * Takes in a change. One that changes nothing is none.
   * @param {Write} write
   * @param {Entry | undefined} after
   */
  record({ place, before, at }, after) {
    if (!this.isEnabled || (before && after && isSameItem(before.item, after.item))) return;
    const shard = this.shards.find((one) => one.takes(place.hash));
    if (!shard) throw new Error('No shard takes this change');
    const sequence = nextSequence();
    const Keys = this.schema.keyOf((after ?? before)?.item ?? {});
    const [hasNew, hasOld] = ['NEW', 'OLD'].map((image) => this.viewType.includes(image));
    const images = {
      ...(hasNew && after ? { NewImage: after.item } : {}),
      ...(hasOld && before ? { OldImage: before.item } : {}),
    };
    const bytes = itemSize(Keys) + Object.values(images).reduce((sum, image) => sum + itemSize(image), 0);
    const told = {
      eventID: randomUUID().replaceAll('-', ''),
      eventName: eventName(before, after),
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: this.region,
      dynamodb: {
        ApproximateCreationDateTime: Math.floor(at / 1_000),
        Keys,
        ...images,
        SequenceNumber: sequence,
        SizeBytes: bytes,
        StreamViewType: this.viewType,
      },
    };
    shard.add({ sequence, bytes, told, visibleAt: at + this.hostility.recordDelay() });
    if (shard.isFull) this.#replace(shard);
  }

  /** Ends it. What it holds can still be read. */
  disable() {
    this.isEnabled = false;
    for (const shard of this.shards) shard.lastSequence ??= nextSequence();
  }

  /** @param {Shard} shard */
  #replace(shard) {
    shard.lastSequence = shard.records.at(-1)?.sequence ?? nextSequence();
    const { low, high, id } = shard;
    const open = this.shards.filter(({ lastSequence }) => lastSequence === undefined).length;
    const middle = Math.floor((low + high) / 2);
    if (open + 2 > MOST_OPEN || middle === low) return this.#open(low, high, id);
    this.#open(low, middle, id);
    this.#open(middle, high, id);
  }

  /**
   * @param {number} low
   * @param {number} high
   * @param {string | undefined} parent
   */
  #open(low, high, parent) {
    const time = String(Date.now()).padStart(20, '0');
    const id = `shardId-${time}-${randomBytes(4).toString('hex')}`;
    const life = this.hostility.shardLife();
    this.shards.push(new Shard({ id, parent, low, high, firstSequence: nextSequence(), life }));
  }
}

/**
 * @param {Entry | undefined} before
 * @param {Entry | undefined} after
 */
function eventName(before, after) {
  if (before === undefined) return 'INSERT';
  return after === undefined ? 'REMOVE' : 'MODIFY';
}
