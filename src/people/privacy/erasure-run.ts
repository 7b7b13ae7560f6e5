import { Injectable } from '@nestjs/common';
import { AlertLog } from '../../alerting/log/alert-log.js';
import { erasedAlerts, type Erasure, type ErasureCounts } from '../../domain/privacy/erasure.js';
import { failpoint } from '../../lib/failpoints.js';
import { SyncService } from '../../ingest/sync/sync.service.js';
import { PersonErasure } from './person-erasure.js';
import { UploadReportScrubber } from './upload-report-scrubber.js';

export interface ErasureEnd {
  readonly counts: ErasureCounts;
  /** False where a report of an upload had to be left for later. */
  readonly isComplete: boolean;
}

/** Removes one person's data: first from the tables and the alert log, as one sync, then from the reports of uploads. */
@Injectable()
export class ErasureRun {
  constructor(
    private readonly sync: SyncService,
    private readonly person: PersonErasure,
    private readonly uploads: UploadReportScrubber,
    private readonly log: AlertLog,
  ) {}

  /** Repeating it does what is left. Throws StorageError, and ListenerError when an evaluation failed. */
  async run(erasure: Erasure, isRepeated: boolean): Promise<ErasureEnd> {
    let removed = { responses: 0, alerts: 0 };
    const { alertsRaised, alertsCleared } = await this.sync.withdraw(erasure.id, async () => {
      removed = await this.person.run(erasure, isRepeated);
      return removed.responses;
    });
    const { findings, isComplete } = await this.uploads.remove(erasure);
    failpoint('erasure.reports_written');
    return { counts: { ...removed, findings, alertsRaised, alertsCleared }, isComplete };
  }

  /** Searches the alert log and the reports once more. Returns false where a report had to be left again. */
  async again(erasure: Erasure): Promise<boolean> {
    await this.log.rewrite(erasedAlerts(erasure), 0);
    return (await this.uploads.remove(erasure)).isComplete;
  }
}
