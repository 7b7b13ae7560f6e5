import { Inject, Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../lib/clock.js';
import {
  type UploadRecord,
  type UploadReport,
  isUploadFailure,
  UPLOAD_FAILURES,
} from '../../domain/uploads/upload.js';
import { failpoint } from '../../lib/failpoints.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { Metrics } from '../../platform/observability/metrics.js';
import { FileError } from '../csv/file-error.js';
import { FileValidator, type ValidatedFile } from '../csv/file-validator.js';
import { DryRun } from '../sync/dry-run.js';
import { syncFailureCode, SyncService, type SyncResult } from '../sync/sync.service.js';
import { ProgressMeter } from './progress-meter.js';
import { Spool } from './spool.js';

const NOT_WRITTEN: SyncResult = { rowsWritten: 0, alertsRaised: 0, alertsCleared: 0 };

/** Runs one upload from its spooled file to its report. */
@Injectable()
export class ImportJob {
  private readonly logger = new Logger(ImportJob.name);

  constructor(
    private readonly files: FileValidator,
    private readonly spool: Spool,
    @Inject(SyncService) private readonly sync: Pick<SyncService, 'import'>,
    @Inject(DryRun) private readonly dryRun: Pick<DryRun, 'preview'>,
    private readonly lifecycle: Lifecycle,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
  ) {}

  /**
   * Never rejects: the returned record holds the outcome; undefined when a stop interrupted the import and it must be run
   * again. `onChange` is called with each state before that.
   */
  async run(
    pending: UploadRecord,
    onChange: (record: UploadRecord) => void,
  ): Promise<UploadRecord | undefined> {
    const inspection = this.files.inspectionOf(pending.id);
    let report = pending.report;
    let written = NOT_WRITTEN;
    const change = (changes: Partial<UploadRecord>): UploadRecord => ({ ...pending, report, ...changes });
    const meter = new ProgressMeter(pending.options, pending.bytes, this.clock, (standing) =>
      onChange(change({ status: 'processing', ...standing })),
    );
    try {
      meter.checked(0, 0);
      if (!this.spool.has(pending.spoolFile)) throw new Error('The spool file does not exist any more');
      const file = await this.files.validate(
        pending.id,
        this.spool.pathOf(pending.spoolFile),
        pending.options,
        Date.parse(pending.acceptedAt),
        inspection,
        meter.checked,
      );
      report = inspection.report;
      failpoint('upload.validated');
      this.logger.log({ uploadId: pending.id, kind: file.kind, ...file.verdicts.counts }, 'Upload validated');
      const ready = meter.watch(file.ready, file.verdicts.counts);
      refuseIfUnfit(file, pending);
      if (pending.options.dryRun) report = { ...report, preview: await this.dryRun.preview(ready) };
      else {
        written = await this.sync.import(ready);
        if (written.failure) throw written.failure.error;
      }
      failpoint('upload.imported');
      report = { ...report, ...countsOf(written) };
      return this.finish(change({ status: 'completed', message: summary(report), detail: meter.final }));
    } catch (error) {
      const isOfFile = error instanceof FileError && written.failure === undefined;
      if (this.lifecycle.halting.aborted && !isOfFile) {
        this.logger.log({ uploadId: pending.id }, 'The stop interrupted an import; it will be run again');
        return undefined;
      }
      const failure = isOfFile
        ? { code: error.code, message: error.message }
        : this.failureOf(error, pending);
      report = { ...inspection.report, ...countsOf(written) };
      return this.finish(
        change({ status: 'failed', code: failure.code, message: failure.message, detail: meter.final }),
      );
    }
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
    { id: uploadId, spoolFile }: UploadRecord,
  ): { code: string; message: string } {
    this.logger.error({ err: error, uploadId }, 'An import failed');
    let code: string = syncFailureCode(error);
    // The file may also have been lost while it was read.
    if (code === 'internal_error' && !this.spool.has(spoolFile)) code = 'spool_lost';
    return { code, message: UPLOAD_FAILURES[isUploadFailure(code) ? code : 'internal_error'] };
  }
}

function countsOf({ rowsWritten, alertsRaised, alertsCleared }: SyncResult): Partial<UploadReport> {
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
