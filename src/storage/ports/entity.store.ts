import type { Employee } from '../../domain/people/employee.js';
import type { Department } from '../../domain/people/department.js';

/** One page of a listing. `next` continues after it; absent at the end. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

export interface ListQuery<T> {
  /** At most this many items; at least 1. */
  readonly limit: number;
  /** `next` of the page before. Each entity that exists throughout a listing is seen exactly once. */
  readonly after?: string;
  readonly matches?: (entity: T) => boolean;
}

/**
 * The number of parts in which to read a whole large table: as many as one instance can use beside its other calls.
 */
export const SCAN_PARTS = 4;

/** One of several parts of a table. The parts are disjoint and make up the whole table; some may be empty. */
export interface ScanPart {
  /** From 0. */
  readonly index: number;
  /** The number of parts; at least 1. */
  readonly of: number;
  /** `next` of a page of the same part; absent: from its beginning. */
  readonly after?: string;
}

/** A page of a part. `next` continues after it; absent at the end of the part. */
export interface ScanPage<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

/** The result for one id of {@link EntityStore.mutate}. `after` is undefined only where the entity does not exist. */
export interface Mutation<T> {
  readonly id: string;
  readonly before: T | undefined;
  readonly after: T | undefined;
  readonly changed: boolean;
}

/**
 * A table of entities that other tools may read and edit directly.
 *
 * Every method throws StorageError when the store cannot answer; none answers "absent" or "empty" for "failed".
 */
export abstract class EntityStore<T> {
  /** The entities that exist among `ids` (any number, repeats allowed), by id. Sees every write acknowledged before. */
  abstract getMany(ids: readonly string[]): Promise<Map<string, T>>;

  /**
   * Reads, changes and writes entities. For each distinct id, `change` receives the stored entity (undefined: absent)
   * and returns the whole new entity, or undefined to leave it. Per id the read and the write are atomic against every
   * other `mutate` in any process: when another one came between, `change` is called again with the result of that one,
   * so it must be pure. Attributes that `change` leaves alone, and attributes unknown to Pulsewatch, keep the values of
   * direct edits. Not atomic over several ids: after an error any of them may be written, and repeating the call is
   * safe when `change` is idempotent. Results are in the order of the first appearance of each id.
   */
  abstract mutate(
    ids: readonly string[],
    change: (id: string, current: T | undefined) => T | undefined,
  ): Promise<Mutation<T>[]>;

  /**
   * Every entity, in pages small enough to hold (at most about 1,000 items), in no particular order. Entities written
   * meanwhile may or may not appear; one that exists throughout appears exactly once. Yields to the event loop.
   */
  abstract scan(): AsyncIterable<readonly T[]>;

  /** As {@link scan}, for a part of the table; another process can continue it later. */
  abstract scanPart(part: ScanPart): AsyncIterable<ScanPage<T>>;

  /** A page of the entities that match. May hold fewer than `limit` and still have a `next`. */
  abstract list(query: ListQuery<T>): Promise<Page<T>>;

  /** Removes an entity. Removing an absent one does nothing. */
  abstract delete(id: string): Promise<void>;
}

/** The operations of a table that an import uses. */
export type EntityTable<T> = Pick<EntityStore<T>, 'getMany' | 'mutate' | 'scan' | 'delete'>;

/** The `Employees` table, by employee id. */
export abstract class EmployeeStore extends EntityStore<Employee> {}

/** The `Departments` table, by department id. */
export abstract class DepartmentStore extends EntityStore<Department> {}
