import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AlertLog } from '../../alerting/log/alert-log.js';
import {
  erasedAlerts,
  NOTHING_ERASED,
  type Erasure,
  type ErasureCounts,
} from '../../domain/privacy/erasure.js';
import { DomainEvents } from '../../platform/events/domain-events.js';
import { crashPoint } from '../../lib/failpoints.js';
import { SyncService } from '../../ingest/sync/sync.service.js';
import { PersonErasure } from './person-erasure.js';
import { UploadReportScrubber } from './upload-report-scrubber.js';

export interface ErasureEnd {
  readonly counts: ErasureCounts;
  /** False where a report of an upload had to be left for later. */
  readonly isComplete: boolean;
}

/** Removes one person's data: from the tables and the alert log, by the sync, then from the reports of uploads. */
@Injectable()
export class ErasureRun implements OnModuleInit {
  private readonly counts = new Map<string, ErasureCounts>();

  constructor(
    private readonly events: DomainEvents,
    private readonly sync: SyncService,
    private readonly person: PersonErasure,
    private readonly uploads: UploadReportScrubber,
    private readonly log: AlertLog,
  ) {}

  onModuleInit(): void {
    this.events.listen('risk.evaluated', ({ syncId, raised, cleared }) => {
      const known = syncId === null ? undefined : this.counts.get(syncId);
      if (syncId === null || !known) return;
      const { alertsRaised, alertsCleared } = known;
      this.add(syncId, { alertsRaised: alertsRaised + raised, alertsCleared: alertsCleared + cleared });
    });
  }

  /** Repeating it does what is left. Throws StorageError, and ListenerError when an evaluation failed. */
  async run(erasure: Erasure, isRepeated: boolean): Promise<ErasureEnd> {
    const { id } = erasure;
    this.counts.set(id, NOTHING_ERASED);
    try {
      await this.sync.withdraw(id, () =>
        this.person.run({ erasure, isRepeated, report: (counts) => this.add(id, counts) }),
      );
      const { findings, isComplete } = await this.uploads.remove(erasure);
      crashPoint('erasure.reports_written');
      return { counts: { ...(this.counts.get(id) ?? NOTHING_ERASED), findings }, isComplete };
    } finally {
      this.counts.delete(id);
    }
  }

  /** Looks through the alert log and the reports once more. Answers false where a report had to be left again. */
  async again(erasure: Erasure): Promise<boolean> {
    await this.log.rewrite(erasedAlerts(erasure), 0);
    return (await this.uploads.remove(erasure)).isComplete;
  }

  private add(id: string, counts: Partial<ErasureCounts>): void {
    const known = this.counts.get(id);
    if (known) this.counts.set(id, { ...known, ...counts });
  }
}
