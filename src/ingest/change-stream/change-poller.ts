import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { isAbort } from '../../lib/abort.js';
import { Clock } from '../../lib/clock.js';
import { Poller } from '../../lib/poller.js';
import { Config } from '../../config/config.js';
import { backoffMs } from '../../lib/backoff.js';
import { Degradations } from '../../platform/observability/degradations.js';
import { ChangeFollower } from './change-follower.js';

/** Pause between two looks for edits. */
const LOOK_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Looks for edits of other tools while the server runs. Where nobody tells of them it says so once, and asks again now and
 * then. An outage is waited out: it costs that edits count later.
 */
@Injectable()
export class ChangePoller implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(ChangePoller.name);
  private readonly poller = new Poller(
    LOOK_MS,
    () => this.look(),
    () => undefined,
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
    if (storage.driver === 'dynamodb' && storage.streams === 'auto') this.poller.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.poller.stop();
    await this.follower
      .end()
      .catch((error: unknown) =>
        this.logger.warn({ err: error }, 'The streams could not be given back; other instances find out'),
      );
  }

  /** Looks once. Never rejects: what fails now is tried again, later and later. */
  async look(): Promise<void> {
    if (this.clock.monotonic() < this.pausesUntil) return;
    try {
      const refused = await this.follower.turn();
      if (this.failures > 0) this.logger.log('Edits of other tools are followed again');
      this.failures = 0;
      if (refused !== undefined) {
        this.pausesUntil = this.clock.monotonic() + LONGEST_PAUSE_MS;
        if (refused.reason !== this.refusal)
          this.logger.log(`Edits of other tools count at full evaluations only: ${refused.reason}`);
      }
      this.refusal = refused?.reason;
    } catch (error) {
      this.reportFailure(error);
    }
  }

  private reportFailure(error: unknown): void {
    if (isAbort(error)) return; // whoever reads next does it again
    if (this.failures === 0)
      this.logger.error({ err: error }, 'Edits of other tools cannot be followed; trying again');
    this.failures += 1;
    const pause = backoffMs(this.failures, LONGEST_PAUSE_MS, Math.random());
    this.pausesUntil = this.clock.monotonic() + pause;
  }
}
