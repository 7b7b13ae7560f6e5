import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { isAbort } from '../../lib/abort.js';
import { Clock } from '../../lib/clock.js';
import { PeriodicJob } from '../../lib/periodic-job.js';
import { Config } from '../../config/config.js';
import { backoffMs } from '../../lib/backoff.js';
import { Degradations } from '../../platform/observability/degradations.js';
import { ChangeFollower } from './change-follower.js';

/** Pause between two turns. */
const TURN_EVERY_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Reads the change stream while the server runs. Where the storage has none, it logs the reason once and retries every
 * minute. After an outage it resumes: edits are evaluated later, none is lost.
 */
@Injectable()
export class ChangePoller implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ChangePoller.name);
  private readonly job = new PeriodicJob(
    { everyMs: TURN_EVERY_MS, logger: this.logger, failure: 'The change stream could not be read' },
    () => this.look(),
  );
  private failures = 0;
  private pausesUntil = -Infinity;
  private refusal: string | undefined;

  constructor(
    private readonly follower: ChangeFollower,
    private readonly clock: Clock,
    private readonly config: Config,
    degradations: Degradations,
  ) {
    degradations.watch('streams', () => this.failures > 0);
  }

  onApplicationBootstrap(): void {
    const { storage } = this.config;
    if (storage.driver === 'dynamodb' && storage.streams === 'auto') this.job.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.job.stop();
    await this.follower
      .end()
      .catch((error: unknown) =>
        this.logger.warn({ err: error }, 'The lease of the change stream could not be released'),
      );
  }

  /** Runs one turn. Never rejects: a failure is retried after a pause that grows. */
  async look(): Promise<void> {
    if (this.clock.monotonic() < this.pausesUntil) return;
    try {
      const refused = await this.follower.turn();
      if (this.failures > 0) this.logger.log('The change stream is read again');
      this.failures = 0;
      if (refused !== undefined) {
        this.pausesUntil = this.clock.monotonic() + LONGEST_PAUSE_MS;
        if (refused.reason !== this.refusal)
          this.logger.log(`Edits of other tools are evaluated by full evaluations only: ${refused.reason}`);
      }
      this.refusal = refused?.reason;
    } catch (error) {
      this.reportFailure(error);
    }
  }

  private reportFailure(error: unknown): void {
    if (isAbort(error)) return; // the next reader repeats it
    if (this.failures === 0)
      this.logger.error({ err: error }, 'The change stream cannot be read; trying again');
    this.failures += 1;
    const pause = backoffMs(this.failures, LONGEST_PAUSE_MS, Math.random());
    this.pausesUntil = this.clock.monotonic() + pause;
  }
}
