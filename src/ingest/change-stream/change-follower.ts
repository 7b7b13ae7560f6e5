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

/** How soon the place of an instance that reads is looked at again. */
const TAKE_EVERY_MS = 5_000;
/** What this product changes itself is read past at so much a time; after a crash it is read again. */
const KEEP_EVERY_MS = 10_000;
/**
 * Computing sums anew may take a look at all employees. So many times as long as one took passes before the next, however
 * often others edit.
 */
const REST = 5;

/**
 * Follows what other tools edit: evaluates it, has departments rolled up, and only then keeps how far it has come. What a
 * crash or an error interrupts is done again, by whoever reads next.
 */
@Injectable()
export class ChangeFollower {
  private readonly logger = new Logger(ChangeFollower.name);
  private pending = new PendingEdits();
  private takeAt = -Infinity;
  private keptAt = -Infinity;
  private restsUntil = -Infinity;

  constructor(
    private readonly reading: StreamLease,
    private readonly events: DomainEvents,
    private readonly metrics: Metrics,
    private readonly lifecycle: Lifecycle,
    private readonly clock: Clock,
    @Inject(SyncJournalStore) private readonly journal: SyncJournalStore,
  ) {}

  /**
   * Does what there is to do now. Answers why, if nobody can read at all. Throws what kept it from that; the next turn
   * begins again where the last kept position is.
   */
  async turn(): Promise<ChangesUnavailable | undefined> {
    try {
      if (!this.reading.isMine) {
        if (this.clock.monotonic() < this.takeAt) return undefined;
        this.takeAt = this.clock.monotonic() + TAKE_EVERY_MS;
        const taken = await this.reading.take();
        if (typeof taken === 'object') return taken;
      }
      while (this.reading.isMine && !this.lifecycle.draining.aborted)
        if (!(await this.follow(await this.reading.next()))) break;
    } catch (error) {
      this.drop();
      // The next turn must show whether it is over.
      this.takeAt = -Infinity;
      throw error;
    }
    return undefined;
  }

  /** Lets another instance go on where this one is. Throws StorageError. */
  async end(): Promise<void> {
    await this.reading.giveBack();
  }

  /** Answers whether there is more to be had at once. */
  private async follow(batch: ChangeBatch): Promise<boolean> {
    const { changes, position, isMore } = batch;
    for (const { origin } of changes) this.metrics.tableChanges.inc({ origin });
    this.pending.add(batch);
    const isForUs = !this.pending.isEmpty;
    await this.handle();
    const newest = changes.reduce((at, change) => Math.max(at, change.at), 0);
    if (newest > 0) this.metrics.tableChangesLag.set(Math.max(0, this.clock.now() - newest) / 1_000);
    else if (this.pending.isEmpty) this.metrics.tableChangesLag.set(0);
    const now = this.clock.monotonic();
    if (this.pending.isEmpty && (isForUs || now - this.keptAt >= KEEP_EVERY_MS)) {
      this.keptAt = now;
      await this.reading.keep(position);
    }
    return isMore;
  }

  private async handle(): Promise<void> {
    await this.do(this.pending.takeUrgent());
    if (!this.pending.isWaiting || this.clock.monotonic() < this.restsUntil) return;
    const underWay = new Set((await this.journal.list()).map(({ syncId }) => syncId));
    const start = this.clock.monotonic();
    await this.do(this.pending.takeDue(underWay));
    const now = this.clock.monotonic();
    this.restsUntil = now + REST * (now - start);
  }

  private async do({ isEmpty, isAll, employees, departments, divisions }: EditWork): Promise<void> {
    if (isEmpty) return;
    if (isAll) {
      this.logger.warn(
        'Edits of other tools may have gone unseen, or are too many to name; evaluating everything',
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

  private drop(): void {
    this.reading.drop();
    this.pending = new PendingEdits();
  }
}
