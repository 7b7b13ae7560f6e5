import type { AlertDecision } from '../../domain/alerts/alert.js';
import type { Department } from '../../domain/people/department.js';
import type { Employee, DepartmentRow, RosterRow } from '../../domain/people/employee.js';
import type { SurveyRow } from '../../domain/surveys/survey-response.js';
import type { UndoCounts } from '../../domain/uploads/upload.js';
import type { UploadKind } from '../../domain/csv/file-options.js';

/** Which entities changed: their ids, or `many` when there are more than {@link MAX_CHANGED_KEYS}. */
export type ChangedKeys = readonly string[] | 'many';

/** Above this many, naming the changed entities costs more than looking at all of them. */
export const MAX_CHANGED_KEYS = 100_000;

/** The valid rows of an upload, in file order. `batches` can be read any number of times and gives the same rows. */
interface ImportOf<Kind extends UploadKind, Row> {
  readonly kind: Kind;
  readonly syncId: string;
  readonly batches: () => AsyncIterable<readonly Row[]>;
}

export type ImportReady =
  | (ImportOf<'survey', SurveyRow> & { readonly questionNames: ReadonlyMap<number, string> })
  | ImportOf<'employees', RosterRow>
  | ImportOf<'departments', DepartmentRow>;

/** A table as it is, or as it would be. */
export interface TableView<T> {
  getMany(ids: readonly string[]): Promise<Map<string, T>>;
  scan(): AsyncIterable<readonly T[]>;
}

/** Somebody asks what an import would decide. `decided` hears of it, any number of times. */
export interface ImportPreviewed {
  readonly ready: ImportReady;
  readonly decided: (decisions: readonly AlertDecision[]) => void;
}

/** A table as an import would leave it, and what of it the import would have evaluated. */
export interface PreviewedTable<T> {
  readonly table: TableView<T>;
  readonly keys: ChangedKeys;
}

/** The tables as an import would leave them. */
export interface TablesPreviewed extends Pick<ImportPreviewed, 'decided'> {
  readonly employees: PreviewedTable<Employee>;
  readonly departments: PreviewedTable<Department>;
}

/** What an edit changed: ids, and the departments that must be rolled up. */
export interface EditWritten {
  readonly keys: readonly string[];
  readonly divisions: readonly string[];
}

/**
 * An edit of one table. `write` writes it; whoever listens calls it once, after taking care that a crash right after it
 * is noticed.
 */
export interface EditReady {
  readonly syncId: string;
  readonly table: 'Employees' | 'Departments';
  readonly write: () => Promise<EditWritten>;
}

/** The responses of an upload are to be taken back; `syncId` is its id. */
export interface UndoReady {
  readonly syncId: string;
  /** An attempt before this one may have changed employees. */
  readonly isRepeated: boolean;
  /** Hears how far it is: in per cent, and what was changed so far. */
  readonly report: (percent: number, counts: UndoCounts) => void;
}

/** Responses that were submitted before a moment (ISO-8601, UTC) are to be removed. */
export interface ResponsesExpired extends Omit<UndoReady, 'isRepeated'> {
  readonly before: string;
}

/** These entities were measured by responses that are removed, and are not measured any more. */
export interface MeasurementsWithdrawn {
  readonly syncId: string;
  readonly table: 'Employees' | 'Departments';
  readonly keys: readonly string[];
}

/** A table has been written. `keys` are its changed keys. */
export interface TableSynced {
  readonly syncId: string;
  readonly table: 'Survey_Response' | 'Employees' | 'Departments';
  readonly count: number;
  readonly keys: ChangedKeys;
}

/** Other tools have edited tables: these entities, and employees of these departments, by folded name and name. */
export interface TablesEdited {
  readonly syncId: string;
  readonly employees: readonly string[];
  readonly departments: readonly string[];
  readonly divisions: ReadonlyMap<string, string>;
}

/** Every domain event and what it carries. */
export interface DomainEventMap {
  /** A file has been validated: its rows may be written. */
  'import.ready': ImportReady;
  /** A file has been validated and must not be written: what would become of the alerts? */
  'import.previewed': ImportPreviewed;
  'tables.previewed': TablesPreviewed;
  /** Somebody edits a table through the API: the edit may be written. */
  'edit.ready': EditReady;
  /** An upload was asked to be taken back: its responses may be removed. */
  'undo.ready': UndoReady;
  'responses.expired': ResponsesExpired;
  /**
   * Something must not run beside an import of this process. It is run when its turn comes, after the imports before it;
   * once a stop has begun, not at all.
   */
  'tables.reserved': { readonly work: () => Promise<void> };
  /** Uploads that nobody answers for are about to be taken over: what must go before them is reserved now. */
  'uploads.recovering': Readonly<Record<string, never>>;
  'measurements.withdrawn': MeasurementsWithdrawn;
  'survey-responses.synced': TableSynced;
  'employees.synced': TableSynced;
  'departments.synced': TableSynced;
  'tables.edited': TablesEdited;
  /** Edits of other tools came and went unseen: anything may have changed. */
  'edits.missed': Readonly<Record<string, never>>;
  /** The outcome of an upload is durable. */
  'upload.finished': { readonly uploadId: string };
  'sync.completed': { readonly syncId: string; readonly rowsWritten: number };
  'sync.failed': { readonly syncId: string; readonly code: string };
  /** The risk monitor has decided; `syncId` is that of the table event, or null for a periodic or requested evaluation. */
  'risk.evaluated': { readonly syncId: string | null; readonly raised: number; readonly cleared: number };
}

export type DomainEventName = keyof DomainEventMap;
