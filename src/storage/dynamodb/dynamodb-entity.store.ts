import { DeleteCommand, ScanCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { mapConcurrent } from '../../concurrency/map-concurrent.js';
import type { Department } from '../../domain/department.js';
import type { Employee } from '../../domain/employee.js';
import { EntityStore, type ListQuery, type Mutation, type Page } from '../entity.store.js';
import { StorageError } from '../storage-error.js';
import type { DynamoTables, Item } from './dynamo-tables.js';
import { DEPARTMENT_ITEMS, EMPLOYEE_ITEMS, type ItemMapping } from './entity-items.js';
import { itemUpdate } from './item-update.js';

const SCAN_PAGE = 1_000;
const UPDATE_CONCURRENCY = 32;
/** Losing the race for one item this often is a fault. */
const MAX_RACES = 50;
/** A listing that matches little ends after this many entities with a `next`. */
const SCANNED_PER_LIST = 20_000;

/** Entities of one kind in a DynamoDB table. */
class DynamoEntityStore<T> extends EntityStore<T> {
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
    const items = await this.getItems(distinct);
    return mapConcurrent(distinct, UPDATE_CONCURRENCY, (id) => this.mutateOne(id, items.get(id), change));
  }

  async *scan(): AsyncIterable<readonly T[]> {
    let start: Item | undefined;
    do {
      const { items, next } = await this.scanPage(SCAN_PAGE, start);
      if (items.length > 0) yield items;
      start = next;
    } while (start);
  }

  async list({ limit, after, matches }: ListQuery<T>): Promise<Page<T>> {
    const items: T[] = [];
    let start: Item | undefined = after === undefined ? undefined : { [this.mapping.key]: after };
    for (let scanned = 0; scanned < SCANNED_PER_LIST;) {
      // Never more than can still be returned, since a page cannot be left in the middle.
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
      const update = after && itemUpdate(this.mapping, id, stored, before, after);
      if (!update) return { id, before, after: before, changed: false };
      if (await this.update(update)) return { id, before, after, changed: true };
      stored = (await this.getItems([id])).get(id);
    }
    throw new StorageError(
      `write ${this.mapping.table}`,
      new Error('Other writers came first at every attempt'),
    );
  }

  /** False when the item is not as it was read. */
  private async update(update: NonNullable<ReturnType<typeof itemUpdate>>): Promise<boolean> {
    const TableName = this.tables.name(this.mapping.table);
    return this.tables.attempt(`write ${TableName}`, async () => {
      try {
        await this.tables.client.send(new UpdateCommand({ TableName, ...update }));
        return true;
      } catch (error) {
        if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
        throw error;
      }
    });
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
