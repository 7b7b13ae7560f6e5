import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../lib/clock.js';
import {
  type UploadRecord,
  EMPTY_UNDO_REPORT,
  type UndoReport,
  type UploadUndo,
} from '../../domain/uploads/upload.js';
import { DomainEvents } from '../../platform/events/domain-events.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';

/** What the sync and the risk monitor said about an undo while it ran. */
interface Outcome {
  report: UndoReport;
  failureCode?: string;
}

/** Takes back the responses of one upload, from the request to the report. */
@Injectable()
export class UndoJob implements OnModuleInit {
  private readonly logger = new Logger(UndoJob.name);
  private readonly outcomes = new Map<string, Outcome>();

  constructor(
    private readonly events: DomainEvents,
    private readonly lifecycle: Lifecycle,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.events.listen('risk.evaluated', ({ syncId, raised, cleared }) => {
      const outcome = syncId === null ? undefined : this.outcomes.get(syncId);
      if (!outcome) return;
      const { alertsRaised, alertsCleared } = outcome.report;
      outcome.report = {
        ...outcome.report,
        alertsRaised: alertsRaised + raised,
        alertsCleared: alertsCleared + cleared,
      };
    });
    this.events.listen('sync.failed', ({ syncId, code }) => {
      const outcome = this.outcomes.get(syncId);
      if (outcome) outcome.failureCode = code;
    });
  }

  /**
   * Never rejects: whatever happens is in the record that it resolves to, undefined when a stop interrupted the undo and
   * it must be run again. `onChange` hears of each state before.
   */
  async run(
    pending: UploadRecord,
    undo: UploadUndo,
    onChange: (record: UploadRecord) => void,
  ): Promise<UploadRecord | undefined> {
    const { id } = pending;
    const outcome: Outcome = { report: EMPTY_UNDO_REPORT };
    this.outcomes.set(id, outcome);
    try {
      await this.events.publish('undo.ready', {
        syncId: id,
        isRepeated: undo.isRepeated,
        report: (percent, counts) => {
          outcome.report = { ...outcome.report, ...counts };
          const progress = Math.max(1, percent);
          onChange({ ...pending, progress, message: RUNNING, undo: { ...undo, report: outcome.report } });
        },
      });
      const { report } = outcome;
      return this.finish(pending, { ...undo, undoneAt: this.clock.iso(), report }, summary(report));
    } catch (error) {
      if (this.lifecycle.halting.aborted) {
        this.logger.log({ uploadId: id }, 'The stop interrupted an undo; it will be run again');
        return undefined;
      }
      this.logger.error({ err: error, uploadId: id }, 'An undo broke off');
      const { report, failureCode: code = 'internal_error' } = outcome;
      return this.finish(pending, { ...undo, code, report }, BROKEN_OFF);
    } finally {
      this.outcomes.delete(id);
    }
  }

  private finish(record: UploadRecord, undo: UploadUndo, message: string): UploadRecord {
    this.logger.log({ uploadId: record.id, code: undo.code, ...undo.report }, 'Undo ended');
    // An import that had failed has not succeeded by being taken back.
    const status = record.code === undefined ? 'completed' : 'failed';
    return { ...record, status, stage: 'finished', progress: 100, message, undo };
  }
}

const RUNNING = 'Taking back the responses.';
const BROKEN_OFF = 'The undo broke off. Ask for it again: repeating it is harmless.';

function summary(report: UndoReport): string {
  const { responsesRemoved, employeesChanged, employeesRemoved, alertsRaised, alertsCleared } = report;
  return `Undone: ${responsesRemoved} response(s) removed, ${employeesChanged} employee(s) changed, ${employeesRemoved} removed; ${alertsRaised} alert(s) raised, ${alertsCleared} cleared.`;
}
