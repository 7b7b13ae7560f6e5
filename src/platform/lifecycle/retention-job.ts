import { Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { isAbort } from '../../lib/abort.js';
import type { Clock } from '../../lib/clock.js';
import { Poller } from '../../lib/poller.js';
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
  private readonly logger: Logger;
  private readonly poller = new Poller(
    REMOVE_EVERY_MS,
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

  /** Removes the expired items once. Throws StorageError, and an AbortError when the server stops. */
  async removeExpired(): Promise<void> {
    const { store, keptMs } = this.expiring;
    await store.removeBefore(this.clock.now() - keptMs, this.lifecycle.draining);
  }

  private reportFailure(error: unknown): void {
    if (isAbort(error)) return; // the next start continues
    this.logger.error({ err: error }, this.expiring.failure);
  }
}
