import { Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import type { Clock } from '../../lib/clock.js';
import { PeriodicJob } from '../../lib/periodic-job.js';
import type { Lifecycle } from './lifecycle.js';

/** The pause between two removals. */
const REMOVE_EVERY_MS = 600_000;

/** A store whose items are removed after a time. */
export interface Expiring {
  /** Removes the items that are older than a time in milliseconds since 1970. */
  readonly store: { removeBefore(time: number, signal: AbortSignal): Promise<void> };
  /** The age in milliseconds at which an item is removed. */
  readonly keptMs: number;
  /** The message of the log when a removal fails. */
  readonly failure: string;
}

/** Removes the expired items of a store every ten minutes. */
export abstract class RetentionJob implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly job: PeriodicJob;

  protected constructor(
    private readonly expiring: Expiring,
    private readonly lifecycle: Lifecycle,
    private readonly clock: Clock,
  ) {
    const { failure } = expiring;
    this.job = new PeriodicJob(
      { everyMs: REMOVE_EVERY_MS, logger: new Logger(new.target.name), failure },
      () => this.removeExpired(),
    );
  }

  onApplicationBootstrap(): void {
    this.job.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.job.stop();
  }

  /** Removes the expired items once. Throws StorageError, and an AbortError when the server stops. */
  async removeExpired(): Promise<void> {
    const { store, keptMs } = this.expiring;
    await store.removeBefore(this.clock.now() - keptMs, this.lifecycle.draining);
  }
}
