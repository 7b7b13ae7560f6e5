import { randomUUID } from 'node:crypto';
import { Stream } from '../streams/stream.mjs';
import { KeySchema } from './key-schema.mjs';
import { Table } from './table.mjs';

/**
 * @typedef {import('../hostility.mjs').Calm} Hostility
 * @typedef {'CREATING' | 'ACTIVE' | 'UPDATING' | 'DELETING'} Status
 */

/** A table as it is managed: its status, its settings and its streams. */
export class ManagedTable {
  createdAt = Date.now();
  id = randomUUID();
  isProtected = false;
  hasRecovery = false;
  /** @type {string | undefined} the attribute that tells when an item expires */
  expiry;
  /** @type {Stream | undefined} the latest, on or off */
  stream;
  /** @type {Status} */
  #status = 'ACTIVE';
  #settledAt = 0;

  /**
   * @param {object} facts
   * @param {string} facts.name
   * @param {string} facts.region
   * @param {any[]} facts.keySchema
   * @param {any[]} facts.definitions
   * @param {Hostility} hostility
   */
  constructor({ name, region, keySchema, definitions }, hostility) {
    this.name = name;
    this.region = region;
    this.arn = `arn:aws:dynamodb:${region}:000000000000:table/${name}`;
    this.keySchema = keySchema;
    this.definitions = definitions;
    this.hostility = hostility;
    this.schema = new KeySchema(keySchema, definitions);
    this.data = new Table(this.schema);
    /** @type {{ ReadCapacityUnits: number, WriteCapacityUnits: number } | undefined} of one that is not on demand */
    this.throughput = undefined;
  }

  /** @returns {Status | 'GONE'} */
  get status() {
    if (Date.now() < this.#settledAt) return this.#status;
    return this.#status === 'DELETING' ? 'GONE' : 'ACTIVE';
  }

  /**
   * Begins something that takes its time.
   * @param {Status} status
   */
  begin(status) {
    this.#status = status;
    this.#settledAt = Date.now() + this.hostility.tableDelay();
  }

  /**
   * Switches a stream on; whatever another one held stays there.
   * @param {string} viewType
   */
  startStream(viewType) {
    const { name: tableName, arn: tableArn, region, schema } = this;
    const stream = new Stream({ tableName, tableArn, region, viewType, schema }, this.hostility);
    this.stream = stream;
    this.data.onWrite = (write, after) => stream.record(write, after);
    return stream;
  }

  /** Switches it off. */
  endStream() {
    this.stream?.disable();
    this.data.onWrite = undefined;
  }

  /** As DescribeTable tells it. */
  get description() {
    const { status, stream, throughput } = this;
    return {
      TableName: this.name,
      TableArn: this.arn,
      TableId: this.id,
      TableStatus: status === 'GONE' ? 'DELETING' : status,
      CreationDateTime: this.createdAt / 1_000,
      KeySchema: this.keySchema,
      AttributeDefinitions: this.definitions,
      DeletionProtectionEnabled: this.isProtected,
      // AWS counts every six hours: who needs a number must not take these.
      ItemCount: 0,
      TableSizeBytes: 0,
      ProvisionedThroughput: {
        NumberOfDecreasesToday: 0,
        ...(throughput ?? { ReadCapacityUnits: 0, WriteCapacityUnits: 0 }),
      },
      ...(throughput ? {} : { BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' } }),
      ...(stream?.isEnabled
        ? { StreamSpecification: { StreamEnabled: true, StreamViewType: stream.viewType } }
        : {}),
      // Of one that was switched off, too.
      ...(stream ? { LatestStreamArn: stream.arn, LatestStreamLabel: stream.label } : {}),
    };
  }
}
