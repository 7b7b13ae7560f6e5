import { isUploadFailure } from './upload-failures.js';
import type { UploadRecord } from './uploads/upload.js';

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
