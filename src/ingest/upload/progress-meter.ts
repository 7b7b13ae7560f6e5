import type { Clock } from '../../lib/clock.js';
import type { UploadOptions, UploadRecord } from '../../domain/uploads/upload.js';
import {
  DRY_RUN_PLAN,
  IMPORT_PLAN,
  NO_PROGRESS,
  percentDone,
  secondsRemaining,
  type UploadProgress,
  type WorkPlan,
  type WorkStage,
} from '../../domain/uploads/upload-progress.js';
import type { ImportReady } from '../csv/import-ready.js';
import type { RowCounts } from '../csv/validation-report.js';

/** The fields of an upload record that show its progress. */
export type UploadStanding = Required<Pick<UploadRecord, 'stage' | 'progress' | 'message' | 'detail'>>;

const MESSAGES: Readonly<Record<WorkStage, string>> = {
  validating: 'Checking every row.',
  writing: 'Writing the tables.',
  previewing: 'Trying what the file would change; nothing is written.',
  evaluating: 'Rolling up departments and looking for risks.',
};

/** Tracks the progress of an import, and reports it after every step. Percentages never decrease. */
export class ProgressMeter {
  private readonly plan: WorkPlan;
  private readonly isDryRun: boolean;
  private stage: WorkStage = 'validating';
  private since: number;
  private percent = 1;
  private detail: UploadProgress = NO_PROGRESS;

  constructor(
    { dryRun }: Pick<UploadOptions, 'dryRun'>,
    private readonly bytesTotal: number,
    private readonly clock: Pick<Clock, 'monotonic'>,
    private readonly report: (standing: UploadStanding) => void,
  ) {
    this.isDryRun = dryRun;
    this.plan = dryRun ? DRY_RUN_PLAN : IMPORT_PLAN;
    this.since = clock.monotonic();
  }

  /** The progress at the end. */
  get final(): UploadProgress {
    return { ...this.detail, secondsRemaining: null };
  }

  /** Records how much of the file was checked. */
  readonly checked = (bytesRead: number, rowsRead: number): void => {
    this.detail = { ...this.detail, bytesRead, rowsRead };
    this.advance('validating', this.bytesTotal === 0 ? 0 : bytesRead / this.bytesTotal);
  };

  /**
   * Records that the whole file was checked. Returns the same rows, and reports progress as they are read: a survey is read
   * once for each table, a roster once.
   */
  watch(ready: ImportReady, { read, valid }: Pick<RowCounts, 'read' | 'valid'>): ImportReady {
    this.detail = { ...this.detail, bytesRead: this.bytesTotal, rowsRead: read, rowsTotal: valid };
    const passes = ready.kind === 'survey' && !this.isDryRun ? 2 : 1;
    let pass = 0;
    const watched = <Row>(batches: () => AsyncIterable<readonly Row[]>) => {
      return () => this.counted(batches(), pass++, passes, valid);
    };
    switch (ready.kind) {
      case 'survey':
        return { ...ready, batches: watched(ready.batches) };
      case 'employees':
        return { ...ready, batches: watched(ready.batches) };
      case 'departments':
        return { ...ready, batches: watched(ready.batches) };
    }
  }

  private async *counted<Row>(
    batches: AsyncIterable<readonly Row[]>,
    pass: number,
    passes: number,
    rowsTotal: number,
  ): AsyncGenerator<readonly Row[]> {
    const stage = this.isDryRun ? 'previewing' : 'writing';
    let rows = 0;
    for await (const batch of batches) {
      yield batch;
      rows += batch.length;
      if (pass === 0 && !this.isDryRun) this.detail = { ...this.detail, rowsWritten: rows };
      this.advance(stage, (pass + rows / rowsTotal) / passes);
    }
    if (pass + 1 >= passes) this.advance('evaluating', 0);
  }

  private advance(stage: WorkStage, fraction: number): void {
    const now = this.clock.monotonic();
    if (stage !== this.stage) this.since = now;
    this.stage = stage;
    this.percent = Math.max(this.percent, percentDone(this.plan, stage, fraction));
    const remaining = secondsRemaining(this.plan, stage, fraction, now - this.since);
    this.detail = { ...this.detail, secondsRemaining: remaining };
    this.report({ stage, progress: this.percent, message: MESSAGES[stage], detail: this.detail });
  }
}
