import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { auditDayOf, auditIdsFrom, utcDay, type AuditEntry } from '../../domain/access/audit.js';
import { idRange, pageOf } from '../ports/audit-page.js';
import { AuditStore, type AuditQuery } from '../ports/audit.store.js';
import type { Page } from '../ports/entity.store.js';
import type { DynamoTables, TableQuery } from './dynamo-tables.js';
import type { Item } from './item-fields.js';

const TABLE = 'Pulsewatch_Audit';
/** The list of the days that have entries: without it a query over a quiet year would read each of its days. */
const DAYS = 'days';
/** Entries per read and per removal. */
const PAGE = 500;
const DAY_MS = 86_400_000;

interface KeyRange {
  readonly day: string;
  readonly low: string;
  readonly high: string;
}

/**
 * The `Pulsewatch_Audit` table in DynamoDB: one collection per UTC day, so that writes spread over time and the
 * newest entries are found without a scan, and one collection that lists the days.
 */
export class DynamoAuditStore extends AuditStore {
  private readonly table: string;
  /** The newest day that this process has listed: nearly always the day of the next entry. */
  private listedDay: string | undefined;

  constructor(private readonly tables: DynamoTables) {
    super();
    this.table = tables.name(TABLE);
  }

  async append(entries: readonly AuditEntry[]): Promise<void> {
    // First, because an entry of a day that is not listed is never found.
    for (const day of new Set(entries.map(({ id }) => auditDayOf(id)))) await this.listDay(day);
    const items = entries.map((entry): Item => ({
      day: auditDayOf(entry.id),
      id: entry.id,
      entry: JSON.stringify(entry),
    }));
    await this.tables.putAll(TABLE, items);
  }

  list(query: AuditQuery): Promise<Page<AuditEntry>> {
    return pageOf(this.backwards(query), query);
  }

  async removeBefore(moment: number, signal: AbortSignal): Promise<void> {
    const high = auditIdsFrom(moment);
    for await (const days of this.days('0', utcDay(moment))) {
      for (const day of days) {
        const keysOnly = { ProjectionExpression: '#day, #id' };
        for await (const keys of this.items({ day, low: '0', high }, keysOnly)) {
          signal.throwIfAborted();
          await this.tables.deleteAll(TABLE, keys);
        }
        // One day later than necessary: clocks differ, and another process may still write an entry of that day.
        if (day < utcDay(moment - DAY_MS)) await this.tables.deleteAll(TABLE, [{ day: DAYS, id: day }]);
      }
    }
  }

  private async listDay(day: string): Promise<void> {
    if (day === this.listedDay) return;
    await this.tables.attempt(`write ${this.table}`, () =>
      this.tables.client.send(new PutCommand({ TableName: this.table, Item: { day: DAYS, id: day } })),
    );
    if (this.listedDay === undefined || day > this.listedDay) this.listedDay = day;
  }

  private async *backwards(query: AuditQuery): AsyncIterable<readonly AuditEntry[]> {
    const { low, high } = idRange(query);
    const first = query.since === undefined ? '0' : utcDay(query.since);
    const last = /^[\da-f]{8}-[\da-f]{4}/.test(high) ? auditDayOf(high) : high;
    for await (const days of this.days(first, last)) {
      for (const day of days)
        for await (const items of this.items({ day, low, high }))
          yield items.map(entryOf).filter(({ id }) => id !== high);
    }
  }

  /** The days from `low` to `high`, newest first. */
  private async *days(low: string, high: string): AsyncIterable<string[]> {
    for await (const items of this.items({ day: DAYS, low, high })) yield items.map(({ id }) => String(id));
  }

  /** The items of a collection whose ids are from `low` to `high`, newest first, strongly consistent. */
  private async *items(
    { day, low, high }: KeyRange,
    query: Pick<TableQuery, 'ProjectionExpression'> = {},
  ): AsyncIterable<Item[]> {
    if (low > high) return;
    const pages = this.tables.queryPages(TABLE, {
      ...query,
      KeyConditionExpression: '#day = :day AND #id BETWEEN :low AND :high',
      ExpressionAttributeNames: { '#day': 'day', '#id': 'id' },
      ExpressionAttributeValues: { ':day': day, ':low': low, ':high': high },
      ScanIndexForward: false,
      Limit: PAGE,
    });
    for await (const items of pages) if (items.length > 0) yield items;
  }
}

function entryOf({ entry }: Item): AuditEntry {
  return JSON.parse(String(entry)) as AuditEntry;
}
