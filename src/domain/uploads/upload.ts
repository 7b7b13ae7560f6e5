import type { ColumnUse } from '../csv/header.js';
import type { Dialect } from '../csv/dialect.js';
import type { AlertPreview } from '../alerts/alert-preview.js';
import type { ImportIssue } from '../csv/import-issue.js';
import type { UploadProgress } from './upload-progress.js';
import type { UploadKind, DateFormat } from '../csv/file-options.js';

/** Why an upload can fail by no fault of the file, with the sentence that tells what to do. Codes are stable. */
export const UPLOAD_FAILURES = {
  storage_unavailable:
    'The storage did not answer while the file was imported. Upload the file again: nothing doubles.',
  evaluation_failed:
    'The rows are written, but evaluating them failed; the next evaluation catches up, or POST /api/v1/risk/evaluate.',
  spool_lost: 'The file was lost before all of it was imported. Upload it again: nothing doubles.',
  internal_error: 'The import broke off. Upload the file again: nothing doubles.',
} as const;

type UploadFailureCode = keyof typeof UPLOAD_FAILURES;

/** Whether a code is one of these. */
export function isUploadFailure(code: string): code is UploadFailureCode {
  return Object.hasOwn(UPLOAD_FAILURES, code);
}

export const UPLOAD_MODES = ['partial', 'strict'] as const;
export type UploadMode = (typeof UPLOAD_MODES)[number];

/** What the caller asked for. */
export interface UploadOptions {
  /** Absent: told from the header. */
  readonly kind?: UploadKind;
  readonly mode: UploadMode;
  readonly dryRun: boolean;
  readonly dateFormat: DateFormat;
  /** The import ends once more rows than this are rejected. Absent: however many. */
  readonly maxErrors?: number;
}

export const UPLOAD_STATUSES = ['pending', 'processing', 'completed', 'failed'] as const;
export type UploadStatus = (typeof UPLOAD_STATUSES)[number];

/**
 * The steps of an import, in order; a dry run previews instead of writing. `undoing` while what it wrote is taken back,
 * after it had finished.
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

/** The counts and findings of an import. `errors` holds the first 100 by line; FindingStore has all of them. */
export interface UploadReport {
  readonly kind: UploadKind | null;
  readonly rowsRead: number;
  /** Neither rejected nor a duplicate. */
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
  /** Null where the file could not be read as text. */
  readonly dialect: Dialect | null;
  /** What the columns were read as; like `ignoredColumns`, cut after {@link MAX_LISTED_COLUMNS}. */
  readonly columns: readonly ColumnUse[];
  readonly ignoredColumns: readonly string[];
  /** Of a dry run that found nothing against writing the file. */
  readonly preview?: AlertPreview;
}

/** A report lists so many columns at most: it must fit into one item of a store. */
export const MAX_LISTED_COLUMNS = 200;

/** Who answers for an upload: the process that took it, or took it over, and the spool folder that it uses. */
export interface UploadOwner {
  readonly instance: string;
  readonly spool: string;
}

/** An upload as it is kept. Times are ISO-8601, UTC. */
export interface UploadRecord {
  /** UUID version 7: sorts by time. */
  readonly id: string;
  /** Counts the writes of this record, from 1. */
  readonly revision: number;
  readonly acceptedAt: string;
  readonly finishedAt?: string;
  /** The subject who sent it; absent in records from before subjects were told. */
  readonly uploadedBy?: string;
  readonly bytes: number;
  readonly owner: UploadOwner;
  /** The name of its file in the spool folder. */
  readonly spoolFile: string;
  readonly options: UploadOptions;
  readonly status: UploadStatus;
  readonly stage: UploadStage;
  /** 0–100; while one process runs the upload it never goes back. */
  readonly progress: number;
  /** How far it came, by the process that runs or ran it. */
  readonly detail?: UploadProgress;
  /** Why it failed: a stable code. */
  readonly code?: string;
  readonly message: string;
  readonly report: UploadReport;
  /** Present once the responses of the upload are to be taken back, or have been. */
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

/** What taking back an upload changed in the tables. */
export interface UndoCounts {
  readonly responsesRemoved: number;
  readonly employeesChanged: number;
  readonly employeesRemoved: number;
}

/** The same, with the alerts that followed. After an attempt that broke off: what the last one did. */
export interface UndoReport extends UndoCounts {
  readonly alertsRaised: number;
  readonly alertsCleared: number;
}

/** The undo of an upload: to be done, until it has either `undoneAt` or a `code`. Times are ISO-8601, UTC. */
export interface UploadUndo {
  readonly requestedAt: string;
  /** An attempt before this one may have changed employees. */
  readonly isRepeated: boolean;
  readonly undoneAt?: string;
  /** Why it broke off: a stable code. It may be asked for again. */
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

/** The undo that is still to be done, if there is one. */
export function pendingUndo({ undo }: UploadRecord): UploadUndo | undefined {
  return undo?.undoneAt === undefined && undo?.code === undefined ? undo : undefined;
}

/** Whether nothing of an upload is still to be done: neither its import nor an undo. */
export function isSettled(record: UploadRecord): boolean {
  return record.finishedAt !== undefined && pendingUndo(record) === undefined;
}

/**
 * Whether an undo may be asked for: the upload wrote survey responses, or broke off when it may have, and no undo was
 * begun, or the one before broke off as well.
 */
export function isUndoable(record: UploadRecord): boolean {
  const { options, report, undo } = record;
  if (options.dryRun || !mayHaveWritten(record)) return false;
  // An attempt that ended before the header was read knows no kind; the one before it may have written all the same.
  const kind = report.kind ?? options.kind ?? 'survey';
  return kind === 'survey' && (undo === undefined || undo.code !== undefined);
}

/** A file that is at fault itself is refused before anything of it is written. */
function mayHaveWritten({ status, code }: UploadRecord): boolean {
  return status === 'completed' || (status === 'failed' && code !== undefined && isUploadFailure(code));
}
