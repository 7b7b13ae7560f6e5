import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { Mutex } from '../../lib/mutex.js';
import { CONFLICT, retryOnConflict } from '../../lib/retry-on-conflict.js';
import {
  closed,
  invalidated,
  newTotals,
  opened,
  type DepartmentTotals,
} from '../../domain/people/department-totals.js';
import type { Metrics } from '../../domain/surveys/scores.js';
import { RollUp } from '../../domain/people/roll-up.js';
import { InstanceRegistry } from '../../platform/cluster/instance-registry.js';
import { DepartmentTotalsStore } from '../../storage/ports/department-totals.store.js';

/** Other writers that change the totals of one department at each of this many attempts are a fault, not a race. */
const MAX_ATTEMPTS = 50;

/** What this process has changed in one department since it opened the delta. */
interface PendingDelta {
  readonly id: string;
  readonly change: RollUp;
  /** It is not known what was written: the totals must be recomputed. */
  isTainted: boolean;
  /** Changes of employees under way that will be added to this delta. */
  users: number;
}

/**
 * The deltas that this process has open, by the folded names of departments. A delta is durably opened before the first
 * employee of the department changes, and is closed when totals are read. A process that is killed leaves it open: this
 * shows that its changes were not added.
 */
@Injectable()
export class PendingDeltas {
  private readonly deltas = new Map<string, PendingDelta>();
  /** The ids of those, and of those that are being opened or closed. */
  private readonly ids = new Set<string>();
  /** One opening or closing at a time in this process; between processes, revisions detect conflicts. */
  private readonly mutex = new Mutex();

  constructor(
    @Inject(DepartmentTotalsStore) private readonly store: DepartmentTotalsStore,
    private readonly registry: InstanceRegistry,
  ) {}

  /** Whether this process will close a delta, of those that the store holds in its name. */
  willClose(id: string): boolean {
    return this.ids.has(id);
  }

  /** Acquires the delta of a department if it is open: it stays open until {@link release}. Returns whether it is. */
  acquire(folded: string): boolean {
    const delta = this.deltas.get(folded);
    if (delta) delta.users += 1;
    return delta !== undefined;
  }

  /** Acquires the deltas of departments, by folded name: the name, and opens those that are closed. Throws StorageError. */
  open(names: ReadonlyMap<string, string>): Promise<void> {
    return this.mutex.run(async () => {
      const missing = [...names].filter(([folded]) => !this.deltas.has(folded));
      // A department without stored totals may have employees already, unless all totals are stored.
      const isComplete = missing.length === 0 || (await this.store.isComplete());
      await Promise.all(
        missing.map(async ([folded, name]) => {
          const delta = this.newDelta(0);
          try {
            await this.change(folded, (totals) =>
              opened(totals ?? newTotals(folded, name, !isComplete), delta.id, this.registry.id),
            );
          } catch (error) {
            this.ids.delete(delta.id);
            throw error;
          }
          this.deltas.set(folded, delta);
        }),
      );
      for (const [folded] of names) this.acquire(folded);
    });
  }

  /** Adds one employee to the acquired delta of a department, or subtracts one. */
  add(folded: string, metrics: Metrics, sign: 1 | -1): void {
    this.deltas.get(folded)?.change.add(metrics, sign);
  }

  /** Has the totals of a department recomputed, whose delta is acquired: what was written is not known. */
  taint(folded: string): void {
    const delta = this.deltas.get(folded);
    if (delta) delta.isTainted = true;
  }

  /** Has the totals of any department recomputed. Totals that are being recomputed now are not stored. Throws StorageError. */
  invalidate(folded: string, name: string): Promise<void> {
    // Also when they are invalid already: a process that recomputes them now has read the revision before.
    return this.change(folded, (totals) => invalidated(totals ?? newTotals(folded, name, true)));
  }

  /** Releases an acquired delta: the change is added. */
  release(folded: string): void {
    const delta = this.deltas.get(folded);
    if (delta) delta.users -= 1;
  }

  /**
   * Adds the deltas of the named departments, or all, to their totals; then calls `read`, while this process opens and
   * closes none. Changes that are under way get another delta at once. Throws StorageError; totals to which a delta could
   * not be added are recomputed later.
   */
  flush<Result>(names: ReadonlySet<string> | 'all', read: () => Promise<Result>): Promise<Result> {
    return this.mutex.run(async () => {
      const due = [...this.deltas].filter(([folded]) => names === 'all' || names.has(folded));
      await Promise.all(due.map(([folded, delta]) => this.close(folded, delta)));
      return read();
    });
  }

  private async close(folded: string, { id, change, isTainted, users }: PendingDelta): Promise<void> {
    // From here on changes are added to the next delta. This one stays open in the store until the next one is.
    const next = users > 0 ? this.newDelta(users) : undefined;
    if (next) this.deltas.set(folded, next);
    else this.deltas.delete(folded);
    try {
      await this.change(folded, (totals = newTotals(folded, folded, true)) => {
        // Opened before the other is closed: an employee added to the next one may have been subtracted from this one.
        const { open } = next ? opened(totals, next.id, this.registry.id) : totals;
        return closed({ ...totals, open }, id, isTainted ? 'tainted' : change);
      });
    } finally {
      this.ids.delete(id);
    }
  }

  private newDelta(users: number): PendingDelta {
    const delta = { id: uuid(), change: new RollUp(), isTainted: false, users };
    this.ids.add(delta.id);
    return delta;
  }

  private change(
    folded: string,
    change: (totals: DepartmentTotals | undefined) => DepartmentTotals,
  ): Promise<void> {
    return retryOnConflict({ what: 'the totals of a department', maxAttempts: MAX_ATTEMPTS }, async () => {
      const totals = await this.store.get(folded);
      return (await this.store.put(change(totals))) ? undefined : CONFLICT;
    });
  }
}
