import { setTimeout as delay } from 'node:timers/promises';
import {
  BatchGetCommand,
  QueryCommand,
  ScanCommand,
  type DynamoDBDocumentClient,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { inChunks, mapConcurrent } from '../../lib/map-concurrent.js';
import { StorageError } from '../ports/storage-error.js';
import type { TableName } from './table-definitions.js';
import { deleteRequest, putRequest, FastWrites } from './fast-writes.js';
import type { Item } from './item-fields.js';

/** Where a scan begins: a segment, and the key before its first item. */
interface ScanFrom {
  readonly segment?: { readonly Segment: number; readonly TotalSegments: number };
  readonly start?: Item | undefined;
}

/** The items of one call, and the key of the last one that it examined, if there are more. */
interface ScannedItems {
  readonly items: readonly Item[];
  readonly next?: Item;
}

/** The most writes that DynamoDB accepts in one call. */
const WRITE_BATCH = 25;
/** The most items that it reads in one call. */
export const READ_BATCH = 100;
/** Concurrent calls: above this an instance gains little and starves its own reads. */
const CONCURRENCY = 16;
/** About 25 s in all: 50 ms doubled each time, up to 5 s. */
const MAX_ROUNDS = 12;
const FIRST_PAUSE_MS = 50;
const MAX_PAUSE_MS = 5_000;

/** A query without the parts that are the same for every one. */
export type TableQuery = Omit<QueryCommandInput, 'TableName' | 'ConsistentRead' | 'ExclusiveStartKey'>;

/** How to wait between rounds; tests do not wait. */
export interface Backoff {
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
}

const REAL_BACKOFF: Backoff = { random: Math.random, sleep: (ms) => delay(ms) };

/** The tables of one installation, and batch calls that resend what DynamoDB left unprocessed. */
export class DynamoTables {
  /** The most frequent calls of an import. */
  readonly writes: FastWrites;
  private isClosed = false;

  constructor(
    readonly client: DynamoDBDocumentClient,
    private readonly prefix: string,
    private readonly backoff: Backoff = REAL_BACKOFF,
  ) {
    this.writes = new FastWrites(client);
  }

  /** The name of a table with the prefix. */
  name(table: TableName): string {
    return this.prefix + table;
  }

  /** Closes all connections; every later call throws StorageError. */
  close(): void {
    this.isClosed = true;
    this.client.destroy();
  }

  /** Runs a call; every failure becomes a StorageError that names the operation. */
  async attempt<T>(operation: string, call: () => Promise<T>): Promise<T> {
    try {
      if (this.isClosed) throw new Error('The connection to DynamoDB is closed');
      return await call();
    } catch (error) {
      throw error instanceof StorageError ? error : new StorageError(operation, error);
    }
  }

  /** Waits before a further attempt; the first one, 0, begins at once. */
  async pauseBefore(attempt: number, atMostMs = MAX_PAUSE_MS): Promise<void> {
    if (attempt === 0) return;
    // Full jitter: calls that were throttled together do not return together.
    const longest = Math.min(atMostMs, FIRST_PAUSE_MS * 2 ** (attempt - 1));
    await this.backoff.sleep(this.backoff.random() * longest);
  }

  /** Puts all items; their keys must be distinct. */
  async putAll(table: TableName, items: readonly Item[]): Promise<void> {
    const name = this.name(table);
    await this.inBatches(`write ${name}`, items.map(putRequest), WRITE_BATCH, (batch) =>
      this.writes.writeBatch(name, batch),
    );
  }

  /** Deletes all keys; they must be distinct. */
  async deleteAll(table: TableName, keys: readonly Item[]): Promise<void> {
    const name = this.name(table);
    await this.inBatches(`delete from ${name}`, keys.map(deleteRequest), WRITE_BATCH, (batch) =>
      this.writes.writeBatch(name, batch),
    );
  }

  /** The items that exist among distinct keys, strongly consistent, in no particular order. */
  async getAll(table: TableName, keys: readonly Item[]): Promise<Item[]> {
    const name = this.name(table);
    const found: Item[] = [];
    await this.inBatches(`read ${name}`, keys, READ_BATCH, async (Keys) => {
      const RequestItems = { [name]: { Keys: [...Keys], ConsistentRead: true } };
      const { Responses, UnprocessedKeys } = await this.client.send(new BatchGetCommand({ RequestItems }));
      found.push(...(Responses?.[name] ?? []));
      return UnprocessedKeys?.[name]?.Keys ?? [];
    });
    return found;
  }

  /** Every item of a table, strongly consistent, in pages of at most `limit`; none of them is empty. */
  async *scan(table: TableName, limit: number): AsyncIterable<readonly Item[]> {
    for await (const { items } of this.scanPages(table, limit)) if (items.length > 0) yield items;
  }

  /**
   * As {@link scan}, for a segment and from a key on: each page with the key after which to continue. A page may be
   * empty.
   */
  async *scanPages(
    table: TableName,
    limit: number,
    { segment, start }: ScanFrom = {},
  ): AsyncIterable<ScannedItems> {
    const TableName = this.name(table);
    let from = start;
    do {
      const { Items = [], LastEvaluatedKey } = await this.attempt(`read ${TableName}`, () =>
        this.client.send(
          new ScanCommand({
            TableName,
            Limit: limit,
            ConsistentRead: true,
            ...segment,
            ...(from === undefined ? {} : { ExclusiveStartKey: from }),
          }),
        ),
      );
      yield { items: Items, ...(LastEvaluatedKey ? { next: LastEvaluatedKey } : {}) };
      from = LastEvaluatedKey;
    } while (from);
  }

  /** The items of a query in pages, strongly consistent; a page may be empty. */
  async *queryPages(table: TableName, query: TableQuery): AsyncIterable<Item[]> {
    const TableName = this.name(table);
    let start: QueryCommandInput['ExclusiveStartKey'];
    do {
      const { Items = [], LastEvaluatedKey } = await this.attempt(`read ${TableName}`, () =>
        this.client.send(
          new QueryCommand({
            ...query,
            TableName,
            ConsistentRead: true,
            ...(start === undefined ? {} : { ExclusiveStartKey: start }),
          }),
        ),
      );
      yield Items;
      start = LastEvaluatedKey;
    } while (start);
  }

  private async inBatches<T>(
    operation: string,
    items: readonly T[],
    size: number,
    send: (batch: readonly T[]) => Promise<readonly T[]>,
  ): Promise<void> {
    await this.attempt(operation, () =>
      mapConcurrent(inChunks(items, size), CONCURRENCY, (batch) =>
        this.untilProcessed(operation, batch, send),
      ),
    );
  }

  private async untilProcessed<T>(
    operation: string,
    batch: readonly T[],
    send: (batch: readonly T[]) => Promise<readonly T[]>,
  ): Promise<void> {
    let left = batch;
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      await this.pauseBefore(round);
      left = await send(left);
      if (left.length === 0) return;
    }
    throw new StorageError(operation, new Error('DynamoDB left items unprocessed at every attempt'));
  }
}
