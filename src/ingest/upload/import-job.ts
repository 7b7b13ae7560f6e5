import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../lib/clock.js';
import { AlertPreviewTally, type AlertPreview } from '../../domain/alerts/alert-preview.js';
import {
  type UploadRecord,
  type UploadReport,
  isUploadFailure,
  UPLOAD_FAILURES,
} from '../../domain/uploads/upload.js';
import type { ImportReady } from '../../platform/events/event-map.js';
import { DomainEvents } from '../../platform/events/domain-events.js';
import { crashPoint } from '../../lib/failpoints.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { Metrics } from '../../platform/observability/metrics.js';
import { isStorageFailure } from '../../storage/ports/storage-error.js';
import { FileError } from '../csv/file-error.js';
import { FileValidator, type ValidatedFile } from '../csv/file-validator.js';
import { ProgressMeter } from './progress-meter.js';
import { Spool } from './spool.js';

/** What the sync and the risk monitor said about an upload while it ran. */
interface Outcome {
  isWriting: boolean;
  rowsWritten: number;
  alertsRaised: number;
  alertsCleared: number;
  failureCode?: string;
}

/** Runs one upload from its spooled file to its report. */
@Injectable()
export class ImportJob implements OnModuleInit {
  private readonly logger = new Logger(ImportJob.name);
  private readonly outcomes = new Map<string, Outcome>();

  constructor(
    private readonly files: FileValidator,
    private readonly spool: Spool,
    private readonly events: DomainEvents,
    private readonly lifecycle: Lifecycle,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.events.listen('risk.evaluated', ({ syncId, raised, cleared }) => {
      for (const [uploadId, outcome] of this.outcomes) {
        // A periodic evaluation amid a long import finds what was written so far before the import's own does.
        if (syncId !== uploadId && !(syncId === null && outcome.isWriting)) continue;
        outcome.alertsRaised += raised;
        outcome.alertsCleared += cleared;
      }
    });
    this.events.listen('sync.completed', ({ syncId, rowsWritten }) => {
      const outcome = this.outcomes.get(syncId);
      if (outcome) outcome.rowsWritten = rowsWritten;
    });
    this.events.listen('sync.failed', ({ syncId, code }) => {
      const outcome = this.outcomes.get(syncId);
      if (outcome) outcome.failureCode = code;
    });
  }

  /**
   * Never rejects: whatever happens is in the record that it resolves to, undefined when a stop interrupted the import
   * and it must be run again. `onChange` hears of each state before.
   */
  async run(
    pending: UploadRecord,
    onChange: (record: UploadRecord) => void,
  ): Promise<UploadRecord | undefined> {
    const outcome: Outcome = { isWriting: false, rowsWritten: 0, alertsRaised: 0, alertsCleared: 0 };
    this.outcomes.set(pending.id, outcome);
    const inspection = this.files.inspectionOf(pending.id);
    let report = pending.report;
    const change = (changes: Partial<UploadRecord>): UploadRecord => ({ ...pending, report, ...changes });
    const meter = new ProgressMeter(pending.options, pending.bytes, this.clock, (standing) =>
      onChange(change({ status: 'processing', ...standing })),
    );
    try {
      meter.checked(0, 0);
      if (!this.spool.has(pending.spoolFile)) throw new Error('The spool file is not there any more');
      const file = await this.files.validate(
        pending.id,
        this.spool.pathOf(pending.spoolFile),
        pending.options,
        Date.parse(pending.acceptedAt),
        inspection,
        meter.checked,
      );
      report = inspection.report;
      crashPoint('upload.validated');
      this.logger.log({ uploadId: pending.id, kind: file.kind, ...file.verdicts.counts }, 'Upload validated');
      const ready = meter.watch(file.ready, file.verdicts.counts);
      refuseIfUnfit(file, pending);
      if (pending.options.dryRun) report = { ...report, preview: await this.preview(ready) };
      else await this.write(ready, outcome);
      crashPoint('upload.imported');
      report = { ...report, ...counts(outcome) };
      return this.finish(change({ status: 'completed', message: summary(report), detail: meter.final }));
    } catch (error) {
      if (this.lifecycle.halting.aborted && !(error instanceof FileError)) {
        this.logger.log({ uploadId: pending.id }, 'The stop interrupted an import; it will be run again');
        return undefined;
      }
      const failure = this.failureOf(error, outcome, pending);
      report = { ...inspection.report, ...counts(outcome) };
      return this.finish(
        change({ status: 'failed', code: failure.code, message: failure.message, detail: meter.final }),
      );
    } finally {
      this.outcomes.delete(pending.id);
    }
  }

  private async write(ready: ImportReady, outcome: Outcome): Promise<void> {
    outcome.isWriting = true;
    await this.events.publish('import.ready', ready);
  }

  /** What the import would do to the alerts. */
  private async preview(ready: ImportReady): Promise<AlertPreview> {
    const tally = new AlertPreviewTally();
    await this.events.publish('import.previewed', { ready, decided: (decisions) => tally.add(decisions) });
    return tally.preview;
  }

  private finish(record: UploadRecord): UploadRecord {
    const { id, status, code, report } = record;
    const { rowsWritten, rowsRejected, alertsRaised, alertsCleared } = report;
    this.logger.log(
      { uploadId: id, status, code, rowsWritten, rowsRejected, alertsRaised, alertsCleared },
      `Upload ${status}`,
    );
    this.count(record);
    return { ...record, stage: 'finished', progress: 100, finishedAt: this.clock.iso() };
  }

  private count({ status, report }: UploadRecord): void {
    this.metrics.uploads.inc({ outcome: status });
    const rows = {
      written: report.rowsWritten,
      rejected: report.rowsRejected,
      duplicate: report.rowsDuplicate,
      blank: report.rowsBlank,
    };
    for (const [outcome, count] of Object.entries(rows)) this.metrics.uploadRows.inc({ outcome }, count);
  }

  private failureOf(
    error: unknown,
    outcome: Outcome,
    { id: uploadId, spoolFile }: UploadRecord,
  ): { code: string; message: string } {
    if (error instanceof FileError) return { code: error.code, message: error.message };
    this.logger.error({ err: error, uploadId }, 'An import broke off');
    let code = outcome.failureCode ?? (isStorageFailure(error) ? 'storage_unavailable' : 'internal_error');
    // The file may also have gone while it was read.
    if (code === 'internal_error' && !this.spool.has(spoolFile)) code = 'spool_lost';
    return { code, message: UPLOAD_FAILURES[isUploadFailure(code) ? code : 'internal_error'] };
  }
}

function counts({ rowsWritten, alertsRaised, alertsCleared }: Outcome): Partial<UploadReport> {
  return { rowsWritten, alertsRaised, alertsCleared };
}

function refuseIfUnfit({ verdicts }: ValidatedFile, { options }: UploadRecord): void {
  if (verdicts.counts.valid === 0) throw new FileError('no_valid_rows', []);
  if (options.mode === 'strict' && verdicts.counts.rejected > 0) throw new FileError('rejected_rows', []);
}

function summary(report: UploadReport): string {
  const { rowsRead, rowsRejected, rowsDuplicate, rowsWritten, alertsRaised, alertsCleared, preview } = report;
  const left = `${rowsRejected} rejected, ${rowsDuplicate} duplicate`;
  if (preview) {
    const alerts = `${preview.alertsRaised} alert(s) would be raised, ${preview.alertsCleared} cleared`;
    return `Dry run: ${rowsRead} row(s) read, ${left}; ${alerts}; nothing was written.`;
  }
  return `${rowsRead} row(s) read, ${rowsWritten} written, ${left}; ${alertsRaised} alert(s) raised, ${alertsCleared} cleared.`;
}
