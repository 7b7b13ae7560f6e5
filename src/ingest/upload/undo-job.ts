import { Inject, Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../lib/clock.js';
import {
  type UploadRecord,
  EMPTY_UNDO_REPORT,
  type UndoReport,
  type UploadUndo,
} from '../../domain/uploads/upload.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { SyncService } from '../sync/sync.service.js';

/** Undoes one upload: from the request to the report. */
@Injectable()
export class UndoJob {
  private readonly logger = new Logger(UndoJob.name);

  constructor(
    @Inject(SyncService) private readonly sync: Pick<SyncService, 'undo'>,
    private readonly lifecycle: Lifecycle,
    private readonly clock: Clock,
  ) {}

  /**
   * Never rejects: the returned record holds the outcome; undefined when a stop interrupted the undo and it must be run
   * again. `onChange` is called with each state before that.
   */
  async run(
    pending: UploadRecord,
    undo: UploadUndo,
    onChange: (record: UploadRecord) => void,
  ): Promise<UploadRecord | undefined> {
    const { id } = pending;
    let report = EMPTY_UNDO_REPORT;
    const { alertsRaised, alertsCleared, failure } = await this.sync.undo(
      { syncId: id, isRepeated: undo.isRepeated },
      (percent, soFar) => {
        report = soFar;
        const progress = Math.max(1, percent);
        onChange({ ...pending, progress, message: RUNNING, undo: { ...undo, report } });
      },
    );
    report = { ...report, alertsRaised, alertsCleared };
    if (!failure)
      return this.finish(pending, { ...undo, undoneAt: this.clock.iso(), report }, summary(report));
    if (this.lifecycle.halting.aborted) {
      this.logger.log({ uploadId: id }, 'The stop interrupted an undo; it will be run again');
      return undefined;
    }
    this.logger.error({ err: failure.error, uploadId: id }, 'An undo failed');
    return this.finish(pending, { ...undo, code: failure.code, report }, FAILED);
  }

  private finish(record: UploadRecord, undo: UploadUndo, message: string): UploadRecord {
    this.logger.log({ uploadId: record.id, code: undo.code, ...undo.report }, 'Undo ended');
    // The undo of a failed import does not make the import succeed.
    const status = record.code === undefined ? 'completed' : 'failed';
    return { ...record, status, stage: 'finished', progress: 100, message, undo };
  }
}

const RUNNING = 'Taking back the responses.';
const FAILED = 'The undo broke off. Ask for it again: repeating it is harmless.';

function summary(report: UndoReport): string {
  const { responsesRemoved, employeesChanged, employeesRemoved, alertsRaised, alertsCleared } = report;
  return `Undone: ${responsesRemoved} response(s) removed, ${employeesChanged} employee(s) changed, ${employeesRemoved} removed; ${alertsRaised} alert(s) raised, ${alertsCleared} cleared.`;
}
