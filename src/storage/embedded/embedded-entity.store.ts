import { setImmediate as nextTurn } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Department } from '../../domain/people/department.js';
import type { Employee } from '../../domain/people/employee.js';
import type {
  DepartmentStore,
  EmployeeStore,
  EntityStore,
  ListQuery,
  Mutation,
  Page,
  ScanPage,
  ScanPart,
} from '../ports/entity.store.js';
import type { EmbeddedDatabase } from './embedded-database.js';
import type { Table } from './embedded-table.js';

/** Entities read before others get a turn: about 3 ms of work. */
const PAGE = 500;
/** Entities changed in one transaction: about 10 ms of work when each changes, then one wait for the disk. */
const BATCH = 500;
/** A listing that matches little ends after this many entities with a `next`. */
const SCANNED_PER_LIST = 20_000;

/** Entities of one kind in an LMDB table. */
class EmbeddedEntities<T> implements EntityStore<T> {
  private readonly table: Table<T>;

  constructor(
    private readonly database: EmbeddedDatabase,
    private readonly name: string,
    private readonly idOf: (entity: T) => string,
  ) {
    this.table = database.table<T>(name);
  }

  async getMany(ids: readonly string[]): Promise<Map<string, T>> {
    const found = new Map<string, T>();
    for (let start = 0; start < ids.length; start += PAGE) {
      if (start > 0) await nextTurn();
      await this.database.read(`read ${this.name}`, () => {
        for (const id of ids.slice(start, start + PAGE)) {
          const entity = this.table.get(id);
          if (entity !== undefined) found.set(id, entity);
        }
      });
    }
    return found;
  }

  async mutate(
    ids: readonly string[],
    change: (id: string, current: T | undefined) => T | undefined,
  ): Promise<Mutation<T>[]> {
    const distinct = [...new Set(ids)];
    const mutations: Mutation<T>[] = [];
    for (let start = 0; start < distinct.length; start += BATCH) {
      const batch = distinct.slice(start, start + BATCH);
      // A mistake of the caller is none of the storage: it goes to the caller as it is.
      let mistake: { readonly error: unknown } | undefined;
      const guarded = (id: string, current: T | undefined): T | undefined => {
        try {
          return mistake ? undefined : change(id, current);
        } catch (error) {
          mistake = { error };
          return undefined;
        }
      };
      const changed = await this.database.transaction(`write ${this.name}`, () =>
        batch.map((id) => this.apply(id, guarded)),
      );
      if (mistake) throw mistake.error;
      mutations.push(...changed);
    }
    return mutations;
  }

  async *scan(): AsyncIterable<readonly T[]> {
    for await (const { items } of this.scanPart({ index: 0, of: 1 })) yield items;
  }

  /** All of the table is in the first part: one process reads it at the speed of memory. */
  async *scanPart({ index, after }: ScanPart): AsyncIterable<ScanPage<T>> {
    if (index > 0) return;
    for (let position = after; ;) {
      const items = await this.pageAfter(position, PAGE);
      const last = items.at(-1);
      if (last === undefined) return;
      const next = this.idOf(last);
      yield items.length < PAGE ? { items } : { items, next };
      if (items.length < PAGE) return;
      position = next;
      await nextTurn();
    }
  }

  async list({ limit, after, matches }: ListQuery<T>): Promise<Page<T>> {
    const items: T[] = [];
    let position = after;
    for (let scanned = 0; scanned < SCANNED_PER_LIST;) {
      const page = await this.pageAfter(position, PAGE);
      for (const entity of page) {
        scanned += 1;
        position = this.idOf(entity);
        if (matches && !matches(entity)) continue;
        items.push(entity);
        if (items.length === limit)
          return (await this.isLast(position)) ? { items } : { items, next: position };
      }
      if (page.length < PAGE) return { items };
      await nextTurn();
    }
    return position === undefined ? { items } : { items, next: position };
  }

  async delete(id: string): Promise<void> {
    await this.database.transaction(`write ${this.name}`, () => this.table.remove(id));
  }

  private apply(id: string, change: (id: string, current: T | undefined) => T | undefined): Mutation<T> {
    const before = this.table.get(id);
    const after = change(id, before);
    if (after === undefined || isDeepStrictEqual(before, after))
      return { id, before, after: before, changed: false };
    this.table.put(id, after);
    return { id, before, after, changed: true };
  }

  private pageAfter(after: string | undefined, limit: number): Promise<T[]> {
    const range = after === undefined ? { limit } : { start: after, exclusiveStart: true, limit };
    return this.database.read(`read ${this.name}`, () => this.table.range(range));
  }

  private async isLast(id: string): Promise<boolean> {
    return (await this.pageAfter(id, 1)).length === 0;
  }
}

/** Employees in the embedded store. */
export class EmbeddedEmployeeStore extends EmbeddedEntities<Employee> implements EmployeeStore {
  constructor(database: EmbeddedDatabase) {
    super(database, 'employees', (employee) => employee.employeeId);
  }
}

/** Departments in the embedded store. */
export class EmbeddedDepartmentStore extends EmbeddedEntities<Department> implements DepartmentStore {
  constructor(database: EmbeddedDatabase) {
    super(database, 'departments', (department) => department.departmentId);
  }
}
