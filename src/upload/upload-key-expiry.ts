import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { isAbort } from '../concurrency/abort.js';
import { Clock } from '../concurrency/clock.js';
import { Poller } from '../concurrency/poller.js';
import { Config } from '../config/config.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { IdempotencyStore } from '../storage/idempotency.store.js';

/** Pause between two looks for keys that have expired. They count no more from the moment that they do. */
const LOOK_MS = 600_000;

/** Removes the idempotency keys that have expired. */
@Injectable()
export class UploadKeyExpiry implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(UploadKeyExpiry.name);
  private readonly poller = new Poller(
    LOOK_MS,
    () => this.removeExpired(),
    (error) => this.reportFailure(error),
  );

  constructor(
    @Inject(IdempotencyStore) private readonly store: IdempotencyStore,
    private readonly lifecycle: Lifecycle,
    private readonly clock: Clock,
    private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    this.poller.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.poller.stop();
  }

  /** Looks once. Throws StorageError, and an abort when the server stops. */
  async removeExpired(): Promise<void> {
    const oldest = this.clock.now() - this.config.upload.idempotencyTtlMs;
    await this.store.removeBefore(oldest, this.lifecycle.draining);
  }

  private reportFailure(error: unknown): void {
    if (isAbort(error)) return; // the next start goes on
    this.logger.error({ err: error }, 'Expired idempotency keys could not be removed; trying again');
  }
}
