import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Clock } from '../../lib/clock.js';
import { Poller } from '../../lib/poller.js';
import { Config } from '../../config/config.js';
import { AlertLogStore, lastIdOf, type LogRecord } from '../../storage/ports/alert-log.store.js';
import { AlertLog } from './alert-log.js';

const HOUR_MS = 3_600_000;
/** Records read at once where there is something to remove. */
const READ_BATCH = 8;

/** Keeps the alert log from growing for good: at start, and from time to time, removes what is older than its retention. */
@Injectable()
export class LogRetention implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(LogRetention.name);
  private readonly poller: Poller;
  private first: Promise<void> = Promise.resolve();
  private isStopping = false;

  constructor(
    private readonly log: AlertLog,
    @Inject(AlertLogStore) private readonly store: AlertLogStore,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {
    this.poller = new Poller(
      pauseBetweenTrims(config.alertRetentionMs),
      () => this.run(),
      (error) => this.reportFailure(error),
    );
  }

  onApplicationBootstrap(): void {
    // Not awaited: much to remove must not delay the start.
    this.first = this.run().catch((error: unknown) => this.reportFailure(error));
    this.poller.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    await this.first;
    await this.poller.stop();
  }

  /**
   * Removes every record that is too old by now, a batch at a time; it takes as long as there is to remove. Several
   * processes may do so at once. Throws StorageError; the next run goes on where this one ended.
   */
  async run(): Promise<void> {
    const cutoff = this.clock.now() - this.config.alertRetentionMs;
    const before = this.log.floor;
    let trimmed: number | undefined;
    for (let limit = 1; !this.isStopping; limit = READ_BATCH) {
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

  private reportFailure(error: unknown): void {
    this.logger.error({ err: error }, 'The alert log could not be trimmed; the next attempt will go on');
  }
}

/** The last id of the leading records whose every event happened before `cutoff`; undefined when the first is younger. */
export function lastExpired(records: readonly LogRecord[], cutoff: number): number | undefined {
  const young = records.findIndex(({ events }) => events.some(({ at }) => at >= cutoff));
  const newest = records[young === -1 ? records.length - 1 : young - 1];
  return newest && lastIdOf(newest);
}

/** Between two looks for what to remove: an hour, or so little that nothing is kept much longer than it should be. */
export function pauseBetweenTrims(retentionMs: number): number {
  return Math.min(HOUR_MS, retentionMs / 24);
}
