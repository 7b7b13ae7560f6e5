import { isDeepStrictEqual } from 'node:util';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { mapConcurrent } from '../../lib/map-concurrent.js';
import { merge } from '../../lib/async-iterables.js';
import type { Department } from '../../domain/people/department.js';
import type { Employee } from '../../domain/people/employee.js';
import {
  EntityStore,
  SCAN_PARTS,
  type ListQuery,
  type Mutation,
  type Page,
  type ScanPage,
  type ScanPart,
} from '../ports/entity.store.js';
import { StorageError } from '../ports/storage-error.js';
import { READ_BATCH, type DynamoTables } from './dynamo-tables.js';
import type { Item } from './item-fields.js';
import { DEPARTMENT_ITEMS, EMPLOYEE_ITEMS, type ItemMapping } from './entity-items.js';
import { itemWrite, type ItemPut, type ItemUpdate } from './item-write.js';
import { Prefetch } from './prefetch.js';

/** Runs tasks of one key one at a time, in their order. Tasks of different keys do not wait for each other. */
class KeyedMutex {
  private readonly last = new Map<string, Promise<unknown>>();

  /** Runs `work` after the earlier tasks of the key; `hasWaited`: there were some. */
  async run<Result>(id: string, work: (hasWaited: boolean) => Promise<Result>): Promise<Result> {
    const before = this.last.get(id);
    const result = before === undefined ? work(false) : before.then(() => work(true));
    const ended = result.then(
      () => undefined,
      () => undefined,
    );
    this.last.set(id, ended);
    try {
      return await result;
    } finally {
      if (this.last.get(id) === ended) this.last.delete(id);
    }
  }
}

const SCAN_PAGE = 1_000;
const WRITES_AT_ONCE = 16;
/** Other writers coming first at each of this many attempts is a fault, not a race. */
const MAX_RACES = 50;
/** The longest pause after a lost race, so that the other writers finish. */
const RACE_PAUSE_MS = 400;
/** A listing with few matches ends after this many entities, with a `next`. */
const SCANNED_PER_LIST = 20_000;

/** Entities of one kind in a DynamoDB table. */
class DynamoEntityStore<T> extends EntityStore<T> {
  private readonly mutexes = new KeyedMutex();

  constructor(
    private readonly tables: DynamoTables,
    private readonly mapping: ItemMapping<T>,
  ) {
    super();
  }

  async getMany(ids: readonly string[]): Promise<Map<string, T>> {
    const items = await this.getItems(ids);
    return new Map([...items].map(([id, item]) => [id, this.mapping.fromItem(id, item)]));
  }

  async mutate(
    ids: readonly string[],
    change: (id: string, current: T | undefined) => T | undefined,
  ): Promise<Mutation<T>[]> {
    const distinct = [...new Set(ids)];
    const items = new Prefetch(distinct, READ_BATCH, (batch) => this.getItems(batch));
    // Concurrent writers of one process would only make each other lose the race.
    return mapConcurrent(distinct, WRITES_AT_ONCE, (id) =>
      this.mutexes.run(id, async (hasWaited) =>
        this.mutateOne(id, await (hasWaited ? this.getItem(id) : items.get(id)), change),
      ),
    );
  }

  async *scan(): AsyncIterable<readonly T[]> {
    const parts = Array.from({ length: SCAN_PARTS }, (_, index) => this.scanPart({ index, of: SCAN_PARTS }));
    for await (const { items } of merge(parts)) if (items.length > 0) yield items;
  }

  async *scanPart({ index, of, after }: ScanPart): AsyncIterable<ScanPage<T>> {
    const { table, key } = this.mapping;
    const segment = { Segment: index, TotalSegments: of };
    const start = after === undefined ? undefined : { [key]: after };
    for await (const { items, next } of this.tables.scanPages(table, SCAN_PAGE, { segment, start }))
      yield {
        items: items.map((item) => this.mapping.fromItem(String(item[key]), item)),
        ...(next ? { next: String(next[key]) } : {}),
      };
  }

  async list({ limit, after, matches }: ListQuery<T>): Promise<Page<T>> {
    const items: T[] = [];
    let start: Item | undefined = after === undefined ? undefined : { [this.mapping.key]: after };
    for (let scanned = 0; scanned < SCANNED_PER_LIST;) {
      // Without a filter no more than can still be returned.
      const page = await this.scanPage(limit - items.length, start, matches !== undefined);
      scanned += page.ids.length;
      for (const [index, entity] of page.items.entries()) {
        if (matches && !matches(entity)) continue;
        items.push(entity);
        const isLast = index === page.items.length - 1 && page.next === undefined;
        if (items.length === limit) return isLast ? { items } : { items, next: page.ids[index] ?? '' };
      }
      if (!page.next) return { items };
      start = page.next;
    }
    return { items, next: String(start?.[this.mapping.key]) };
  }

  async delete(id: string): Promise<void> {
    const TableName = this.tables.name(this.mapping.table);
    await this.tables.attempt(`delete from ${TableName}`, () =>
      this.tables.client.send(new DeleteCommand({ TableName, Key: { [this.mapping.key]: id } })),
    );
  }

  private async mutateOne(
    id: string,
    read: Item | undefined,
    change: (id: string, current: T | undefined) => T | undefined,
  ): Promise<Mutation<T>> {
    let stored = read;
    for (let race = 0; race < MAX_RACES; race += 1) {
      const before = stored && this.mapping.fromItem(id, stored);
      const after = change(id, before);
      const write = after && itemWrite(this.mapping, stored, before, after, Date.now());
      if (!write) return { id, before, after: before, changed: false };
      const outcome = await this.write(write);
      if (outcome === 'written') return { id, before, after, changed: true };
      await this.tables.pauseBefore(race + 1, RACE_PAUSE_MS);
      stored = await this.getItem(id);
      // The SDK resends a write whose acknowledgement was lost, and the second one then fails on the first.
      if (outcome === 'unknown' && stored && isDeepStrictEqual(this.mapping.fromItem(id, stored), after))
        return { id, before, after, changed: true };
    }
    throw new StorageError(
      `write ${this.mapping.table}`,
      new Error('Other writers came first at every attempt'),
    );
  }

  /** `refused`: the item changed since it was read. `unknown`: this write itself may have changed it. */
  private async write(write: ItemPut | ItemUpdate): Promise<'written' | 'refused' | 'unknown'> {
    const TableName = this.tables.name(this.mapping.table);
    return this.tables.attempt(`write ${TableName}`, async () => {
      try {
        await this.tables.writes.write(TableName, write);
        return 'written';
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return (error.$metadata.attempts ?? 1) > 1 ? 'unknown' : 'refused';
      }
    });
  }

  private async getItem(id: string): Promise<Item | undefined> {
    return (await this.getItems([id])).get(id);
  }

  private async getItems(ids: readonly string[]): Promise<Map<string, Item>> {
    const keys = [...new Set(ids)].map((id) => ({ [this.mapping.key]: id }));
    const items = await this.tables.getAll(this.mapping.table, keys);
    return new Map(items.map((item) => [String(item[this.mapping.key]), item]));
  }

  private async scanPage(
    Limit: number,
    start: Item | undefined,
    isFiltered = false,
  ): Promise<{ items: T[]; ids: string[]; next: Item | undefined }> {
    const TableName = this.tables.name(this.mapping.table);
    const { Items = [], LastEvaluatedKey } = await this.tables.attempt(`read ${TableName}`, () =>
      this.tables.client.send(
        new ScanCommand({
          TableName,
          Limit: isFiltered ? SCAN_PAGE : Limit,
          ConsistentRead: true,
          ...(start === undefined ? {} : { ExclusiveStartKey: start }),
        }),
      ),
    );
    const ids = Items.map((item) => String(item[this.mapping.key]));
    return {
      items: Items.map((item, index) => this.mapping.fromItem(ids[index] ?? '', item)),
      ids,
      next: LastEvaluatedKey,
    };
  }
}

/** The `Employees` table in DynamoDB. */
export class DynamoEmployeeStore extends DynamoEntityStore<Employee> {
  constructor(tables: DynamoTables) {
    super(tables, EMPLOYEE_ITEMS);
  }
}

/** The `Departments` table in DynamoDB. */
export class DynamoDepartmentStore extends DynamoEntityStore<Department> {
  constructor(tables: DynamoTables) {
    super(tables, DEPARTMENT_ITEMS);
  }
}
