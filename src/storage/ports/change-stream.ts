import type { Department } from '../../domain/people/department.js';
import type { Employee } from '../../domain/people/employee.js';

/**
 * Who has changed an entity. `own`: this product, for sure. `other`: another tool, for sure. `unclear`: either; so are all
 * removals.
 */
export type ChangeOrigin = 'own' | 'other' | 'unclear';

interface ChangeOf<Table, T> {
  readonly table: Table;
  readonly id: string;
  /** Absent where it was created. */
  readonly before?: T;
  /** Absent where it was removed. */
  readonly after?: T;
  readonly origin: ChangeOrigin;
  /** When the store took it: milliseconds since 1970, to the second. */
  readonly at: number;
}

/** One change of one entity, by whomever. */
export type TableChange = ChangeOf<'Employees', Employee> | ChangeOf<'Departments', Department>;

/** What has changed since the batch before. */
export interface ChangeBatch {
  /** In the order in which each entity changed. */
  readonly changes: readonly TableChange[];
  /** Where to go on once these are handled. */
  readonly position: string;
  /** Changes were lost, because nobody read them in time: anything may have changed. */
  readonly isGap: boolean;
  /** There is more to be had at once. */
  readonly isMore: boolean;
}

/** Reads the changes of the tables in their order, each at least once. */
export abstract class ChangeReader {
  /** What came since the last call; mostly nothing. After an error another reader must be opened. Throws StorageError. */
  abstract next(): Promise<ChangeBatch>;
}

/** Changes are not told here; why, and what to do about it, for the log. */
export class ChangesNotTold {
  constructor(readonly reason: string) {}
}

/** What anybody changes in the tables Employees and Departments, as far as the store tells it. */
export abstract class TableChanges {
  /**
   * A reader from a position on; without one from the oldest change that the store still has. Throws StorageError when
   * it is not known whether changes are told.
   */
  abstract open(position: string | undefined): Promise<ChangeReader | ChangesNotTold>;
}

/** Of a store that nobody else edits, or where nobody wants to know. */
export class NoTableChanges extends TableChanges {
  constructor(private readonly reason: string) {
    super();
  }

  open(): Promise<ChangesNotTold> {
    return Promise.resolve(new ChangesNotTold(this.reason));
  }
}
