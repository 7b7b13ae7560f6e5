import type { AlertDecision } from '../../domain/alerts/alert.js';
import type { Department } from '../../domain/people/department.js';
import type { Employee } from '../../domain/people/employee.js';
import type { ChangedKeys } from '../../platform/events/event-map.js';
import type { EntityTable } from '../../storage/ports/entity.store.js';

/** A table to evaluate: the stored one, or one that only a dry run has changed. */
export type TableView<T> = Pick<EntityTable<T>, 'getMany' | 'scan'>;

/** A table with the changes of a dry run, and the keys that an import would have evaluated. */
export interface ChangedTable<T> {
  readonly table: TableView<T>;
  readonly keys: ChangedKeys;
}

/** The tables as an import would leave them. */
export interface ChangedTables {
  readonly employees: ChangedTable<Employee>;
  readonly departments: ChangedTable<Department>;
}

/** Evaluates tables that were not written. The risk monitor implements it, since rules and alert log lie above the sync. */
export abstract class OverlayEvaluator {
  /**
   * The decisions that an evaluation of these tables would append to the alert log, employees first. Appends nothing.
   * Throws StorageError, and an abort when a stop's grace ends.
   */
  abstract evaluate(tables: ChangedTables): AsyncIterable<readonly AlertDecision[]>;
}
