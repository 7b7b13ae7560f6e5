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
import { AlertLogStore, lastIdOf, type LogRecord } from '../../storage/ports/alert-log.store.js';
import { AlertLog } from './alert-log.js';

const HOUR_MS = 3_600_000;
/** Records read at once where there is something to remove. */
const READ_BATCH = 8;

/** Bounds the size of the alert log: removes what is older than its retention, at start and then periodically. */
@Injectable()
export class LogRetention implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(LogRetention.name);
  private readonly job: PeriodicJob;

  constructor(
    private readonly log: AlertLog,
    @Inject(AlertLogStore) private readonly store: AlertLogStore,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {
    this.job = new PeriodicJob(
      {
        everyMs: pauseBetweenTrims(config.alertRetentionMs),
        runsAtStart: true,
        logger: this.logger,
        failure: 'The alert log could not be trimmed; the next attempt continues',
      },
      () => this.run(),
    );
  }

  onApplicationBootstrap(): void {
    // Not awaited: much to remove must not delay the start.
    this.job.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.job.stop();
  }

  /**
   * Removes every record that is too old by now, batch by batch, until none is left or the application stops. Several
   * processes may do so at once. Throws StorageError; the next run continues where this one ended.
   */
  async run(): Promise<void> {
    const { signal } = this.job;
    const cutoff = this.clock.now() - this.config.alertRetentionMs;
    const before = this.log.floor;
    let trimmed: number | undefined;
    for (let limit = 1; !signal.aborted; limit = READ_BATCH) {
      const upTo = lastExpired(await this.store.read(0, limit), cutoff);
      // The newest record stays, however old it is.
      if (upTo === undefined || upTo === trimmed) break;
      await this.log.trim(upTo);
      trimmed = upTo;
    }
    // Other processes trim as well.
    await this.log.refreshFloor();
    const { floor } = this.log;
    if (floor > before) this.logger.log({ floor }, 'Alerts past their retention were removed from the log');
  }
}

/**
 * The last id of the leading records whose every event happened before `cutoff`; undefined when the first is younger.
 */
export function lastExpired(records: readonly LogRecord[], cutoff: number): number | undefined {
  const young = records.findIndex(({ events }) => events.some(({ at }) => at >= cutoff));
  const newest = records[young === -1 ? records.length - 1 : young - 1];
  return newest && lastIdOf(newest);
}

/** The pause between two trims, in milliseconds: an hour, or less where that is long in proportion to the retention. */
export function pauseBetweenTrims(retentionMs: number): number {
  return Math.min(HOUR_MS, retentionMs / 24);
}
