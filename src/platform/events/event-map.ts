/** The keys of the entities that changed, or `many` when there are more than {@link MAX_CHANGED_KEYS}. */
export type ChangedKeys = readonly string[] | 'many';

/** Above this number, listing the changed entities costs more than reading the whole table. */
export const MAX_CHANGED_KEYS = 100_000;

/** A table has been written. */
export interface TableSynced {
  readonly syncId: string;
  readonly table: 'Survey_Response' | 'Employees' | 'Departments';
  /** The number of entities written. */
  readonly count: number;
  readonly keys: ChangedKeys;
}

/** The measurements of these entities were removed with the responses that they came from. */
export interface MeasurementsWithdrawn {
  readonly syncId: string;
  readonly table: 'Employees' | 'Departments';
  readonly keys: readonly string[];
}

/** Other tools have edited tables. */
export interface TablesEdited {
  readonly syncId: string;
  /** Ids of employees to evaluate. */
  readonly employees: readonly string[];
  /** Ids of departments to evaluate. */
  readonly departments: readonly string[];
  /** Departments whose employees changed, by folded name: the name. */
  readonly divisions: ReadonlyMap<string, string>;
}

/**
 * Every domain event with its payload: a fact that has happened. What one class asks of another is a method call, and no
 * payload carries a function.
 */
export interface DomainEventMap {
  /**
   * Survey_Response has been written.
   * Publisher: TableAnnouncer. Listeners: none in this server; part of the contract.
   */
  'survey-responses.synced': TableSynced;
  /**
   * Employees has been written.
   * Publishers: TableAnnouncer, EditedTables. Listeners: RiskMonitor.
   */
  'employees.synced': TableSynced;
  /**
   * Departments has been written.
   * Publishers: TableAnnouncer, EditedTables. Listeners: RiskMonitor.
   */
  'departments.synced': TableSynced;
  /**
   * A sync has written every table, and all listeners of the tables have succeeded.
   * Publisher: SyncService. Listeners: none in this server; part of the contract.
   */
  'sync.completed': { readonly syncId: string; readonly rowsWritten: number };
  /**
   * A sync has failed with a stable code.
   * Publisher: SyncService. Listeners: none in this server; part of the contract.
   */
  'sync.failed': { readonly syncId: string; readonly code: string };
  /**
   * Entities have lost their measurements, and their alerts must clear.
   * Publishers: EmployeeRescoring, DepartmentWithdrawal. Listeners: RiskMonitor.
   */
  'measurements.withdrawn': MeasurementsWithdrawn;
  /**
   * The change stream has named edits of other tools.
   * Publisher: ChangeFollower. Listeners: EditedTables.
   */
  'tables.edited': TablesEdited;
  /**
   * The change stream has a gap: any entity may have changed.
   * Publisher: ChangeFollower. Listeners: RiskMonitor.
   */
  'edits.missed': Readonly<Record<string, never>>;
  /**
   * The outcome of an upload is durable.
   * Publisher: UploadQueue. Listeners: SyncRepair.
   */
  'upload.finished': { readonly uploadId: string };
  /**
   * The risk monitor has evaluated. `syncId` is that of the table event; null for a periodic or requested evaluation.
   * Publisher: RiskMonitor. Listeners: SyncService.
   */
  'risk.evaluated': { readonly syncId: string | null; readonly raised: number; readonly cleared: number };
}

export type DomainEventName = keyof DomainEventMap;
