import { randomUUID } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
  type QueryCommandInput,
} from '@aws-sdk/lib-dynamodb';
import type { LogEvent } from '../../domain/alerts/log-event.js';
import { AlertLogStore, lastIdOf, type Checkpoint, type LogRecord } from '../ports/alert-log.store.js';
import { rewriteEvents, type EventChange } from '../ports/event-rewrite.js';
import { DynamoCheckpoints } from './dynamodb-checkpoints.js';
import type { DynamoTables } from './dynamo-tables.js';
import type { Item } from './item-fields.js';
import { rewriteItem } from './rewrite-item.js';

/** The partition of the records, and the one of the items that hold the origin and the number of rewrites. */
const LOG = 'alerts';
const FACTS = 'facts';
const REWRITES = { log: FACTS, first: 1 };
/** Records removed by one call: the most that DynamoDB accepts. */
const TRIM_BATCH = 25;
/** Records read by one call of a rewrite: DynamoDB returns 1 MB at most. */
const REWRITE_BATCH = 4;

interface Range {
  readonly from: number;
  readonly forward: boolean;
  readonly limit: number;
}

/** The `Pulsewatch_Alert_Log` table in DynamoDB: one item per record, with its events as one JSON text. */
export class DynamoAlertLogStore extends AlertLogStore {
  private readonly table: string;
  private readonly checkpoints: DynamoCheckpoints;

  /** `newId` returns texts that never repeat: they mark the appends of this process. */
  constructor(
    private readonly tables: DynamoTables,
    private readonly newId: () => string = randomUUID,
  ) {
    super();
    this.table = tables.name('Pulsewatch_Alert_Log');
    this.checkpoints = new DynamoCheckpoints(tables);
  }

  async origin(candidate: number): Promise<number> {
    const key = { log: FACTS, first: 0 };
    if (await this.putIfAbsent({ ...key, origin: candidate })) return candidate;
    const { Item } = await this.tables.attempt('open the alert log', () =>
      this.tables.client.send(new GetCommand({ TableName: this.table, Key: key, ConsistentRead: true })),
    );
    return Number(Item?.origin);
  }

  append({ first, events }: LogRecord): Promise<boolean> {
    const item = {
      log: LOG,
      first,
      count: events.length,
      events: JSON.stringify(events),
      writer: this.newId(),
    };
    return this.putIfAbsent(item);
  }

  async read(after: number, limit: number): Promise<LogRecord[]> {
    const following = await this.query({ from: after + 1, forward: true, limit });
    // Records leave no gaps: one that begins right after `after` shows that none before it reaches beyond.
    if (following[0]?.first === after + 1) return following;
    const [holding] = await this.query({ from: after, forward: false, limit: 1 });
    const records = holding && lastIdOf(holding) > after ? [holding, ...following] : following;
    return records.slice(0, limit);
  }

  readBackwards(before: number, limit: number): Promise<LogRecord[]> {
    return this.query({ from: before - 1, forward: false, limit });
  }

  async trim(upTo: number): Promise<void> {
    for (;;) {
      // Records leave no gaps, so each one ends right before the next begins, and the newest has none after it.
      const places = (await this.oldestPlaces(upTo + 1, TRIM_BATCH + 1)).slice(0, -1);
      const keys = places.map((first) => ({ log: LOG, first }));
      await this.tables.deleteAll('Pulsewatch_Alert_Log', keys);
      if (keys.length < TRIM_BATCH) return;
    }
  }

  saveCheckpoint(checkpoint: Checkpoint): Promise<void> {
    return this.checkpoints.save(checkpoint);
  }

  loadCheckpoint(): Promise<Checkpoint | undefined> {
    return this.checkpoints.load();
  }

  async rewrite(change: EventChange, after: number): Promise<number> {
    let changed = 0;
    for (let position = after; ;) {
      const records = await this.read(position, REWRITE_BATCH);
      const newest = records.at(-1);
      if (newest === undefined) break;
      for (const { first, events } of records) {
        if (rewriteEvents(events, change).changed === 0) continue;
        const key = { log: LOG, first };
        changed += await rewriteItem<LogEvent>(this.tables, 'Pulsewatch_Alert_Log', key, (stored) =>
          rewriteEvents(stored, change),
        );
      }
      position = lastIdOf(newest);
    }
    await this.checkpoints.rewrite(change);
    await this.countRewrite();
    return changed;
  }

  async rewrites(): Promise<number> {
    const { Item } = await this.tables.attempt('read the alert log', () =>
      this.tables.client.send(new GetCommand({ TableName: this.table, Key: REWRITES, ConsistentRead: true })),
    );
    return Number(Item?.rewrites ?? 0);
  }

  private async countRewrite(): Promise<void> {
    await this.tables.attempt('rewrite the alert log', () =>
      this.tables.client.send(
        new UpdateCommand({
          TableName: this.table,
          Key: REWRITES,
          UpdateExpression: 'ADD #rewrites :one',
          ExpressionAttributeNames: { '#rewrites': 'rewrites' },
          ExpressionAttributeValues: { ':one': 1 },
        }),
      ),
    );
  }

  private async putIfAbsent(item: Item): Promise<boolean> {
    return this.tables.attempt('append to the alert log', async () => {
      try {
        await this.tables.client.send(
          new PutCommand({
            TableName: this.table,
            Item: item,
            ConditionExpression: 'attribute_not_exists(#first)',
            ExpressionAttributeNames: { '#first': 'first' },
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return this.isOurs(item);
        throw error;
      }
    });
  }

  /** The SDK resends a put whose acknowledgement was lost, and the second one then fails on the first. */
  private async isOurs(item: Item): Promise<boolean> {
    const { Item } = await this.tables.client.send(
      new GetCommand({
        TableName: this.table,
        Key: { log: item.log, first: item.first },
        ConsistentRead: true,
      }),
    );
    return Item?.writer !== undefined && Item.writer === item.writer;
  }

  /** The records that begin at `from` or later, oldest first; or at `from` or earlier, newest first. */
  private async query({ from, forward, limit }: Range): Promise<LogRecord[]> {
    const items = await this.items({
      KeyConditionExpression: `#log = :log AND #first ${forward ? '>=' : '<='} :bound`,
      ExpressionAttributeValues: { ':log': LOG, ':bound': from },
      ScanIndexForward: forward,
      Limit: limit,
    });
    return items.map(fromItem);
  }

  /** Where the oldest records begin, at `upTo` or earlier. */
  private async oldestPlaces(upTo: number, limit: number): Promise<number[]> {
    const items = await this.items({
      KeyConditionExpression: '#log = :log AND #first <= :bound',
      ExpressionAttributeValues: { ':log': LOG, ':bound': upTo },
      ProjectionExpression: '#first',
      Limit: limit,
    });
    return items.map((item) => Number(item.first));
  }

  /** The items of a query over all its pages; strongly consistent. */
  private async items(query: Omit<QueryCommandInput, 'TableName'> & { Limit: number }): Promise<Item[]> {
    const items: Item[] = [];
    let start: QueryCommandInput['ExclusiveStartKey'];
    do {
      const { Items = [], LastEvaluatedKey } = await this.tables.attempt('read the alert log', () =>
        this.tables.client.send(
          new QueryCommand({
            ...query,
            TableName: this.table,
            ExpressionAttributeNames: { '#log': 'log', '#first': 'first' },
            ConsistentRead: true,
            Limit: query.Limit - items.length,
            ...(start === undefined ? {} : { ExclusiveStartKey: start }),
          }),
        ),
      );
      items.push(...Items);
      start = LastEvaluatedKey;
    } while (start && items.length < query.Limit);
    return items;
  }
}

function fromItem(item: Item): LogRecord {
  return { first: Number(item.first), events: JSON.parse(String(item.events)) as LogEvent[] };
}
