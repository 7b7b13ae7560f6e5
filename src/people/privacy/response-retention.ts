import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Clock } from '../../lib/clock.js';
import { PeriodicJob } from '../../lib/periodic-job.js';
import { Config } from '../../config/config.js';
import { isSubmittedBefore } from '../../domain/surveys/survey-response.js';
import { ImportLock } from '../../ingest/sync/import-lock.js';
import { SyncService } from '../../ingest/sync/sync.service.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { EmployeeStore } from '../../storage/ports/entity.store.js';
import { SurveyResponseStore } from '../../storage/ports/survey-response.store.js';

/** Pause between two runs. */
const RUN_EVERY_MS = 3_600_000;

/**
 * Removes survey responses older than `RESPONSE_RETENTION` and the scores that came from them, at start and every hour;
 * departments and alerts follow. Every instance runs it; the others find nothing left of what one has removed.
 */
@Injectable()
export class ResponseRetention implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ResponseRetention.name);
  private readonly job = new PeriodicJob(
    {
      everyMs: RUN_EVERY_MS,
      logger: this.logger,
      failure: 'Old responses could not be removed; the next attempt will go on',
      runsAtStart: true,
    },
    () => this.run(),
  );

  constructor(
    @Inject(SurveyResponseStore) private readonly responses: SurveyResponseStore,
    @Inject(EmployeeStore) private readonly employees: EmployeeStore,
    private readonly lock: ImportLock,
    private readonly sync: SyncService,
    private readonly clock: Clock,
    private readonly lifecycle: Lifecycle,
    private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.responseRetentionMs !== undefined) this.job.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.job.stop();
  }

  /** Removes what is too old by now. Throws StorageError, and ListenerError; the next run does what is left. */
  async run(): Promise<void> {
    const { responseRetentionMs } = this.config;
    if (responseRetentionMs === undefined) return;
    const before = new Date(this.clock.now() - responseRetentionMs).toISOString();
    // Checked outside the lock, so that imports wait only when there is something to remove.
    if (!(await this.isDue(before))) return;
    const counts = await this.lock.run(() => this.sync.expire(before));
    if (counts) this.logger.log({ before, ...counts }, 'Responses past their retention were removed');
  }

  private async isDue(before: string): Promise<boolean> {
    const { draining } = this.lifecycle;
    for await (const page of this.responses.scan()) {
      draining.throwIfAborted();
      if (page.some(({ submissionDate }) => isSubmittedBefore(submissionDate, before))) return true;
    }
    // An attempt that broke off may have left the employees only.
    for await (const page of this.employees.scan()) {
      draining.throwIfAborted();
      if (page.some(({ lastSubmissionDate = '' }) => isSubmittedBefore(lastSubmissionDate, before)))
        return true;
    }
    return false;
  }
}
