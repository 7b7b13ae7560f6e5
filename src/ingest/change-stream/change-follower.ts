import { Inject, Injectable, Logger } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { Clock } from '../../lib/clock.js';
import { DomainEvents } from '../../platform/events/domain-events.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { Metrics } from '../../platform/observability/metrics.js';
import { SyncJournalStore } from '../../storage/ports/sync-journal.store.js';
import type { ChangeBatch, ChangesUnavailable } from '../../storage/ports/change-stream.js';
import { type EditWork, PendingEdits } from './pending-changes.js';
import { StreamLease } from './stream-lease.js';

/** Pause between two attempts to acquire the lease. */
const ACQUIRE_EVERY_MS = 5_000;
/** Pause between two saved positions while the changes are this product's own; after a crash they are read again. */
const SAVE_EVERY_MS = 10_000;
/**
 * Recomputing totals may scan all employees. The pause after it is this many times its duration, however often other tools
 * edit.
 */
const REST = 5;

/**
 * Reads what other tools edit, publishes it for evaluation and roll-up, and only then saves the stream position. What a
 * crash or an error interrupts is repeated by the next reader.
 */
@Injectable()
export class ChangeFollower {
  private readonly logger = new Logger(ChangeFollower.name);
  private pending = new PendingEdits();
  private acquireAt = -Infinity;
  private savedAt = -Infinity;
  private restsUntil = -Infinity;

  constructor(
    private readonly lease: StreamLease,
    private readonly events: DomainEvents,
    private readonly metrics: Metrics,
    private readonly lifecycle: Lifecycle,
    private readonly clock: Clock,
    @Inject(SyncJournalStore) private readonly journal: SyncJournalStore,
  ) {}

  /**
   * Handles the changes that are there now. Returns the reason when the storage has no change stream. Throws what
   * interrupted it; the next turn resumes at the last saved position.
   */
  async turn(): Promise<ChangesUnavailable | undefined> {
    try {
      if (!this.lease.isMine) {
        if (this.clock.monotonic() < this.acquireAt) return undefined;
        this.acquireAt = this.clock.monotonic() + ACQUIRE_EVERY_MS;
        const acquired = await this.lease.acquire();
        if (typeof acquired === 'object') return acquired;
      }
      while (this.lease.isMine && !this.lifecycle.draining.aborted)
        if (!(await this.handleBatch(await this.lease.next()))) break;
    } catch (error) {
      this.reset();
      // The next turn shows at once whether the cause persists.
      this.acquireAt = -Infinity;
      throw error;
    }
    return undefined;
  }

  /** Lets another instance resume where this one is. Throws StorageError. */
  async end(): Promise<void> {
    await this.lease.release();
  }

  /** Returns whether the next batch is available at once. */
  private async handleBatch(batch: ChangeBatch): Promise<boolean> {
    const { changes, position, isMore } = batch;
    for (const { origin } of changes) this.metrics.tableChanges.inc({ origin });
    this.pending.add(batch);
    const hasWork = !this.pending.isEmpty;
    await this.publishDue();
    const newest = changes.reduce((at, change) => Math.max(at, change.at), 0);
    if (newest > 0) this.metrics.tableChangesLag.set(Math.max(0, this.clock.now() - newest) / 1_000);
    else if (this.pending.isEmpty) this.metrics.tableChangesLag.set(0);
    const now = this.clock.monotonic();
    if (this.pending.isEmpty && (hasWork || now - this.savedAt >= SAVE_EVERY_MS)) {
      this.savedAt = now;
      await this.lease.save(position);
    }
    return isMore;
  }

  private async publishDue(): Promise<void> {
    await this.publish(this.pending.takeUrgent());
    if (!this.pending.isWaiting || this.clock.monotonic() < this.restsUntil) return;
    const underWay = new Set((await this.journal.list()).map(({ syncId }) => syncId));
    const start = this.clock.monotonic();
    await this.publish(this.pending.takeDue(underWay));
    const now = this.clock.monotonic();
    this.restsUntil = now + REST * (now - start);
  }

  private async publish({ isEmpty, isAll, employees, departments, divisions }: EditWork): Promise<void> {
    if (isEmpty) return;
    if (isAll) {
      this.logger.warn(
        'Edits of other tools may have been missed, or are too many to name; evaluating everything',
      );
      return this.events.publish('edits.missed', {});
    }
    await this.events.publish('tables.edited', {
      syncId: uuid(),
      employees: [...employees],
      departments: [...departments],
      divisions,
    });
  }

  private reset(): void {
    this.lease.drop();
    this.pending = new PendingEdits();
  }
}
