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
import { AuditStore } from '../storage/audit.store.js';

/** Pause between two looks for lines that are too old. */
const LOOK_MS = 600_000;

/** Removes the lines of the audit log that are older than its retention. Nothing else removes one. */
@Injectable()
export class AuditExpiry implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(AuditExpiry.name);
  private readonly poller = new Poller(
    LOOK_MS,
    () => this.removeExpired(),
    (error) => this.reportFailure(error),
  );

  constructor(
    @Inject(AuditStore) private readonly store: AuditStore,
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
    const oldest = this.clock.now() - this.config.auditRetentionMs;
    await this.store.removeBefore(oldest, this.lifecycle.draining);
  }

  private reportFailure(error: unknown): void {
    if (isAbort(error)) return; // the next start goes on
    this.logger.error({ err: error }, 'Old lines of the audit log could not be removed; trying again');
  }
}
