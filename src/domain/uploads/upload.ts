import type { ColumnUse } from '../csv/header.js';
import type { Dialect } from '../csv/dialect.js';
import type { AlertPreview } from '../alerts/alert-preview.js';
import type { ImportIssue } from '../csv/import-issue.js';
import type { UploadProgress } from './upload-progress.js';
import type { UploadKind, DateFormat } from '../csv/file-options.js';

/** Failures of an upload that are not the fault of the file, each with a sentence that names the fix. Codes are stable. */
export const UPLOAD_FAILURES = {
  storage_unavailable:
    'The storage did not answer while the file was imported. Upload the file again: nothing doubles.',
  evaluation_failed:
    'The rows are written, but evaluating them failed; the next evaluation catches up, or POST /api/v1/risk/evaluate.',
  spool_lost: 'The file was lost before all of it was imported. Upload it again: nothing doubles.',
  internal_error: 'The import broke off. Upload the file again: nothing doubles.',
} as const;

type UploadFailureCode = keyof typeof UPLOAD_FAILURES;

/** Whether a code is one of {@link UPLOAD_FAILURES}. */
export function isUploadFailure(code: string): code is UploadFailureCode {
  return Object.hasOwn(UPLOAD_FAILURES, code);
}

export const UPLOAD_MODES = ['partial', 'strict'] as const;
export type UploadMode = (typeof UPLOAD_MODES)[number];

/** The options of the caller. */
export interface UploadOptions {
  /** Absent: detected from the header. */
  readonly kind?: UploadKind;
  readonly mode: UploadMode;
  readonly dryRun: boolean;
  readonly dateFormat: DateFormat;
  /** The import ends when more rows than this are rejected. Absent: no limit. */
  readonly maxErrors?: number;
}

export const UPLOAD_STATUSES = ['pending', 'processing', 'completed', 'failed'] as const;
export type UploadStatus = (typeof UPLOAD_STATUSES)[number];

/**
 * The stages of an import, in order. A dry run previews instead of writing. `undoing` follows `finished` while an undo
 * runs.
 */
export const UPLOAD_STAGES = [
  'queued',
  'validating',
  'writing',
  'previewing',
  'evaluating',
  'finished',
  'undoing',
] as const;
export type UploadStage = (typeof UPLOAD_STAGES)[number];

/** The counts and findings of an import. `errors` holds the first 100 by line; the FindingStore holds all of them. */
export interface UploadReport {
  readonly kind: UploadKind | null;
  readonly rowsRead: number;
  /** Rows that are neither rejected nor duplicates. */
  readonly rowsValid: number;
  readonly rowsWritten: number;
  readonly rowsRejected: number;
  readonly rowsDuplicate: number;
  readonly rowsBlank: number;
  readonly alertsRaised: number;
  readonly alertsCleared: number;
  readonly warnings: readonly ImportIssue[];
  readonly errors: readonly ImportIssue[];
  readonly errorsTotal: number;
  /** Null if the file could not be read as text. */
  readonly dialect: Dialect | null;
  /** The uses of the columns, at most {@link MAX_LISTED_COLUMNS}, like `ignoredColumns`. */
  readonly columns: readonly ColumnUse[];
  readonly ignoredColumns: readonly string[];
  /** Present after a dry run of a file that could be written. */
  readonly preview?: AlertPreview;
}

/** The maximum number of columns in a report, which must fit into one item of a store. */
export const MAX_LISTED_COLUMNS = 200;

/** The owner of an upload: the process that accepted it or took it over, and its spool folder. */
export interface UploadOwner {
  readonly instance: string;
  readonly spool: string;
}

/** The stored record of an upload. Times are ISO-8601, UTC. */
export interface UploadRecord {
  /** UUID version 7: sorts by time. */
  readonly id: string;
  /** Counts the writes of this record, from 1. */
  readonly revision: number;
  readonly acceptedAt: string;
  readonly finishedAt?: string;
  /** The subject that sent the file; absent in records of versions that did not store subjects. */
  readonly uploadedBy?: string;
  readonly bytes: number;
  readonly owner: UploadOwner;
  /** The name of its file in the spool folder. */
  readonly spoolFile: string;
  readonly options: UploadOptions;
  readonly status: UploadStatus;
  readonly stage: UploadStage;
  /** Percent, 0–100. It never decreases while one process runs the upload. */
  readonly progress: number;
  /** The progress in detail, from the process that runs or ran the upload. */
  readonly detail?: UploadProgress;
  /** The stable code of a failure. */
  readonly code?: string;
  readonly message: string;
  readonly report: UploadReport;
  /** Present once an undo of the upload was requested. */
  readonly undo?: UploadUndo;
}

export const EMPTY_REPORT: UploadReport = {
  kind: null,
  rowsRead: 0,
  rowsValid: 0,
  rowsWritten: 0,
  rowsRejected: 0,
  rowsDuplicate: 0,
  rowsBlank: 0,
  alertsRaised: 0,
  alertsCleared: 0,
  warnings: [],
  errors: [],
  errorsTotal: 0,
  dialect: null,
  columns: [],
  ignoredColumns: [],
};

/** The changes of an undo in the tables. */
export interface UndoCounts {
  readonly responsesRemoved: number;
  readonly employeesChanged: number;
  readonly employeesRemoved: number;
}

/** The changes of an undo with the alerts that followed. After an interruption: those of the last attempt. */
export interface UndoReport extends UndoCounts {
  readonly alertsRaised: number;
  readonly alertsCleared: number;
}

/** The undo of an upload. It is pending until it has either `undoneAt` or `code`. Times are ISO-8601, UTC. */
export interface UploadUndo {
  readonly requestedAt: string;
  /** Whether an earlier attempt may have changed employees. */
  readonly isRepeated: boolean;
  readonly undoneAt?: string;
  /** The stable code of a failure. The undo can be requested again. */
  readonly code?: string;
  readonly report: UndoReport;
}

export const EMPTY_UNDO_REPORT: UndoReport = {
  responsesRemoved: 0,
  employeesChanged: 0,
  employeesRemoved: 0,
  alertsRaised: 0,
  alertsCleared: 0,
};

/** The pending undo, if there is one. */
export function pendingUndo({ undo }: UploadRecord): UploadUndo | undefined {
  return undo?.undoneAt === undefined && undo?.code === undefined ? undo : undefined;
}

/** Whether an upload has neither a pending import nor a pending undo. */
export function isSettled(record: UploadRecord): boolean {
  return record.finishedAt !== undefined && pendingUndo(record) === undefined;
}

/**
 * Whether an undo can be requested: the upload wrote survey responses, or failed after it may have written some, and there is
 * no undo yet, or the last one failed.
 */
export function isUndoable(record: UploadRecord): boolean {
  const { options, report, undo } = record;
  if (options.dryRun || !mayHaveWritten(record)) return false;
  // An attempt that ended before the header was read has no kind, but an earlier attempt may have written.
  const kind = report.kind ?? options.kind ?? 'survey';
  return kind === 'survey' && (undo === undefined || undo.code !== undefined);
}

/** Whether an upload may have written. An invalid file is refused before any of it is written. */
function mayHaveWritten({ status, code }: UploadRecord): boolean {
  return status === 'completed' || (status === 'failed' && code !== undefined && isUploadFailure(code));
}
