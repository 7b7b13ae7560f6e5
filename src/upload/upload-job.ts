import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../concurrency/clock.js';
import type { UploadRecord, UploadReport } from '../domain/upload.js';
import { DomainEvents } from '../events/domain-events.js';
import { crashPoint } from '../faults/crash-points.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { Metrics } from '../metrics/metrics.js';
import { FileError } from './file-error.js';
import { ImportFile, type ValidatedFile } from './import-file.js';
import { withProgress } from './import-progress.js';
import { Spool } from './spool.js';

/** What the sync and the risk monitor said about an upload while it ran. */
interface Outcome {
  rowsWritten: number;
  alertsRaised: number;
  alertsCleared: number;
  failureCode?: string;
}

const FAILURES: Readonly<Record<string, string>> = {
  storage_unavailable:
    'The storage did not answer while the rows were written. Upload the file again: nothing doubles.',
  evaluation_failed:
    'The rows are written, but evaluating them failed; the next evaluation catches up, or POST /api/v1/risk/evaluate.',
  spool_lost: 'The file was lost before it was imported. Upload it again: nothing doubles.',
  internal_error: 'The import broke off. Upload the file again: nothing doubles.',
};

/** Runs one upload from its spooled file to its report. */
@Injectable()
export class UploadJob implements OnModuleInit {
  private readonly logger = new Logger(UploadJob.name);
  private readonly outcomes = new Map<string, Outcome>();

  constructor(
    private readonly files: ImportFile,
    private readonly spool: Spool,
    private readonly events: DomainEvents,
    private readonly lifecycle: Lifecycle,
    private readonly metrics: Metrics,
    private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.events.listen('risk.evaluated', ({ syncId, raised, cleared }) => {
      const outcome = syncId === null ? undefined : this.outcomes.get(syncId);
      if (!outcome) return;
      outcome.alertsRaised += raised;
      outcome.alertsCleared += cleared;
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
    const outcome: Outcome = { rowsWritten: 0, alertsRaised: 0, alertsCleared: 0 };
    this.outcomes.set(pending.id, outcome);
    let report = pending.report;
    const change = (changes: Partial<UploadRecord>): UploadRecord => ({ ...pending, report, ...changes });
    try {
      onChange(
        change({ status: 'processing', stage: 'validating', progress: 1, message: 'Checking every row.' }),
      );
      if (!this.spool.has(pending.spoolFile)) throw new Error('The spool file is not there any more');
      const file = await this.files.validate(
        pending.id,
        this.spool.pathOf(pending.spoolFile),
        pending.options,
        Date.parse(pending.acceptedAt),
      );
      report = reportOf(file);
      crashPoint('upload.validated');
      this.logger.log({ uploadId: pending.id, kind: file.kind, ...file.verdicts.counts }, 'Upload validated');
      refuseIfUnfit(file, pending);
      if (!pending.options.dryRun) {
        const progress = (percent: number): void =>
          onChange(
            change({
              status: 'processing',
              stage: 'writing',
              progress: percent,
              message: 'Writing the tables.',
            }),
          );
        await this.events.publish('import.ready', withProgress(file, progress));
      }
      crashPoint('upload.imported');
      report = { ...report, ...counts(outcome) };
      return this.finish(change({ status: 'completed', message: summary(report, pending.options.dryRun) }));
    } catch (error) {
      if (this.lifecycle.halting.aborted && !(error instanceof FileError)) {
        this.logger.log({ uploadId: pending.id }, 'The stop interrupted an import; it will be run again');
        return undefined;
      }
      const failure = this.failureOf(error, outcome, pending);
      report = { ...report, ...counts(outcome), errors: [...failure.issues, ...report.errors].slice(0, 100) };
      return this.finish(change({ status: 'failed', code: failure.code, message: failure.message }));
    } finally {
      this.outcomes.delete(pending.id);
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
    outcome: Outcome,
    { id: uploadId, spoolFile }: UploadRecord,
  ): { code: string; message: string; issues: FileError['issues'] } {
    if (error instanceof FileError) return { code: error.code, message: error.message, issues: error.issues };
    this.logger.error({ err: error, uploadId }, 'An import broke off');
    let code = outcome.failureCode ?? 'internal_error';
    // The file may also have gone while it was read.
    if (code === 'internal_error' && !this.spool.has(spoolFile)) code = 'spool_lost';
    return { code, message: FAILURES[code] ?? 'The import broke off.', issues: [] };
  }
}

function reportOf({ kind, warnings, verdicts }: ValidatedFile): UploadReport {
  const { read, rejected, duplicate, blank } = verdicts.counts;
  return {
    kind,
    rowsRead: read,
    rowsWritten: 0,
    rowsRejected: rejected,
    rowsDuplicate: duplicate,
    rowsBlank: blank,
    alertsRaised: 0,
    alertsCleared: 0,
    warnings,
    errors: verdicts.errors.first,
  };
}

function counts({ rowsWritten, alertsRaised, alertsCleared }: Outcome): Partial<UploadReport> {
  return { rowsWritten, alertsRaised, alertsCleared };
}

function refuseIfUnfit({ verdicts }: ValidatedFile, { options }: UploadRecord): void {
  if (verdicts.counts.valid === 0) throw new FileError('no_valid_rows', []);
  if (options.mode === 'strict' && verdicts.counts.rejected > 0) throw new FileError('rejected_rows', []);
}

function summary(report: UploadReport, dryRun: boolean): string {
  const { rowsRead, rowsRejected, rowsDuplicate, rowsWritten, alertsRaised, alertsCleared } = report;
  const left = `${rowsRejected} rejected, ${rowsDuplicate} duplicate`;
  if (dryRun) return `Dry run: ${rowsRead} row(s) read, ${left}; nothing was written.`;
  return `${rowsRead} row(s) read, ${rowsWritten} written, ${left}; ${alertsRaised} alert(s) raised, ${alertsCleared} cleared.`;
}
