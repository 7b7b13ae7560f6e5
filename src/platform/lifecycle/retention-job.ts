import { Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { isAbort } from '../../lib/abort.js';
import type { Clock } from '../../lib/clock.js';
import { Poller } from '../../lib/poller.js';
import type { Lifecycle } from './lifecycle.js';

/** Pause between two looks for what is too old. */
const LOOK_MS = 600_000;

/** What is kept for a time and removed then. */
export interface Expiring {
  /** The store, and for how many milliseconds it keeps things. */
  readonly store: { removeBefore(time: number, signal: AbortSignal): Promise<void> };
  readonly keptMs: number;
  /** What the log says when a removal fails. */
  readonly failure: string;
}

/** Removes what a store has kept for longer than it is to be kept, every ten minutes. */
export abstract class RetentionJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger: Logger;
  private readonly poller = new Poller(
    LOOK_MS,
    () => this.removeExpired(),
    (error) => this.reportFailure(error),
  );

  protected constructor(
    private readonly expiring: Expiring,
    private readonly lifecycle: Lifecycle,
    private readonly clock: Clock,
  ) {
    this.logger = new Logger(new.target.name);
  }

  onApplicationBootstrap(): void {
    this.poller.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.poller.stop();
  }

  /** Looks once. Throws StorageError, and an abort when the server stops. */
  async removeExpired(): Promise<void> {
    const { store, keptMs } = this.expiring;
    await store.removeBefore(this.clock.now() - keptMs, this.lifecycle.draining);
  }

  private reportFailure(error: unknown): void {
    if (isAbort(error)) return; // the next start goes on
    this.logger.error({ err: error }, this.expiring.failure);
  }
}
