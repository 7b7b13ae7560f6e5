import type { Department } from '../../domain/people/department.js';
import type { Employee } from '../../domain/people/employee.js';

/**
 * The author of a change. `own`: certainly this product. `other`: certainly another tool. `unclear`: either; this
 * includes all removals.
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
  /** When the store accepted it: milliseconds since 1970, accurate to the second. */
  readonly at: number;
}

/** One change of one entity. */
export type TableChange = ChangeOf<'Employees', Employee> | ChangeOf<'Departments', Department>;

/** The changes since the batch before. */
export interface ChangeBatch {
  /** In the order in which each entity changed. */
  readonly changes: readonly TableChange[];
  /** Where to continue once these changes are handled. */
  readonly position: string;
  /** Changes were lost because they were not read in time: any entity may have changed. */
  readonly isGap: boolean;
  /** More changes are available at once. */
  readonly isMore: boolean;
}

/** Reads the changes of the tables: at least once each, those of one entity in their order. */
export abstract class ChangeReader {
  /** The changes since the last call, often none. Throws StorageError; after an error open another reader. */
  abstract next(): Promise<ChangeBatch>;
}

/** The store reports no changes. */
export class ChangesUnavailable {
  constructor(
    /** Why, and what to do about it: for the log. */
    readonly reason: string,
  ) {}
}

/** The change stream of the tables Employees and Departments: this product's writes and those of other tools. */
export abstract class TableChanges {
  /**
   * A reader from a position on; without one from the oldest change that the store still has. Throws StorageError when
   * the store does not say whether it reports changes.
   */
  abstract open(position: string | undefined): Promise<ChangeReader | ChangesUnavailable>;
}

/** For a store that no other tool edits, or whose change stream is switched off. */
export class NoTableChanges extends TableChanges {
  constructor(private readonly reason: string) {
    super();
  }

  open(): Promise<ChangesUnavailable> {
    return Promise.resolve(new ChangesUnavailable(this.reason));
  }
}
