import { Inject, Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { Mutex } from '../../lib/mutex.js';
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

/** Others changing the totals of one department at every one of this many attempts is a fault, not a race. */
const MAX_ATTEMPTS = 50;

/** A count that this process has opened, and what has changed since. */
interface OpenCount {
  readonly id: string;
  readonly change: RollUp;
  /** It is not known what was written: the sums are to be computed anew. */
  isSpoiled: boolean;
  /** Changes of employees that are under way, and will be counted here. */
  users: number;
}

/**
 * The counts that this process has open, by the folded names of departments. One is durably open before the first
 * employee of the department changes, and is closed when somebody wants to know the sums. A process that is killed leaves
 * it open, and so tells that its changes were not added.
 */
@Injectable()
export class PendingDeltas {
  private readonly counts = new Map<string, OpenCount>();
  /** The ids of those, and of those that are being opened or closed. */
  private readonly ids = new Set<string>();
  /** Opening and closing take turns in one process; processes are told apart by revisions. */
  private readonly serial = new Mutex();

  constructor(
    @Inject(DepartmentTotalsStore) private readonly store: DepartmentTotalsStore,
    private readonly registry: InstanceRegistry,
  ) {}

  /** Whether this process will close a count, of those that are open in its name. */
  willClose(id: string): boolean {
    return this.ids.has(id);
  }

  /** Uses the count of a department, if it is open: it stays so until {@link release}. Answers whether it is. */
  use(folded: string): boolean {
    const count = this.counts.get(folded);
    if (count) count.users += 1;
    return count !== undefined;
  }

  /** Uses the counts of departments, by folded name and name, and opens those that are not open. Throws StorageError. */
  open(names: ReadonlyMap<string, string>): Promise<void> {
    return this.serial.run(async () => {
      const missing = [...names].filter(([folded]) => !this.counts.has(folded));
      // Of a department that was never counted nobody knows how many are in it already.
      const isComplete = missing.length === 0 || (await this.store.isComplete());
      await Promise.all(
        missing.map(async ([folded, name]) => {
          const count = this.newCount(0);
          try {
            await this.change(folded, (totals) =>
              opened(totals ?? newTotals(folded, name, !isComplete), count.id, this.registry.id),
            );
          } catch (error) {
            this.ids.delete(count.id);
            throw error;
          }
          this.counts.set(folded, count);
        }),
      );
      for (const [folded] of names) this.use(folded);
    });
  }

  /** Counts one employee of a department that is used, or takes one away. */
  add(folded: string, metrics: Metrics, sign: 1 | -1): void {
    this.counts.get(folded)?.change.add(metrics, sign);
  }

  /** Has the sums of a department that is used computed anew. */
  spoil(folded: string): void {
    const count = this.counts.get(folded);
    if (count) count.isSpoiled = true;
  }

  /** Has the sums of any department computed anew. Sums that are being computed now are not kept. Throws StorageError. */
  doubt(folded: string, name: string): Promise<void> {
    // Also where they are in doubt: whoever computes them read the revision before.
    return this.change(folded, (totals) => invalidated(totals ?? newTotals(folded, name, true)));
  }

  /** Ends a use: what was changed is counted. */
  release(folded: string): void {
    const count = this.counts.get(folded);
    if (count) count.users -= 1;
  }

  /**
   * Adds to the totals what was counted of the named departments, or of all; then looks at them, while this process opens
   * and closes none. Where changes are under way another count is open for them at once. Throws StorageError; what could
   * not be added is computed anew then.
   */
  flush<Seen>(names: ReadonlySet<string> | 'all', look: () => Promise<Seen>): Promise<Seen> {
    return this.serial.run(async () => {
      const due = [...this.counts].filter(([folded]) => names === 'all' || names.has(folded));
      await Promise.all(due.map(([folded, count]) => this.close(folded, count)));
      return look();
    });
  }

  private async close(folded: string, { id, change, isSpoiled, users }: OpenCount): Promise<void> {
    // Changes are counted by the next one from here on. This one stays open in the store until that one is.
    const next = users > 0 ? this.newCount(users) : undefined;
    if (next) this.counts.set(folded, next);
    else this.counts.delete(folded);
    try {
      await this.change(folded, (totals = newTotals(folded, folded, true)) => {
        // Open before the other is closed: whoever is counted by the next one may have been counted away by this one.
        const { open } = next ? opened(totals, next.id, this.registry.id) : totals;
        return closed({ ...totals, open }, id, isSpoiled ? 'tainted' : change);
      });
    } finally {
      this.ids.delete(id);
    }
  }

  private newCount(users: number): OpenCount {
    const count = { id: uuid(), change: new RollUp(), isSpoiled: false, users };
    this.ids.add(count.id);
    return count;
  }

  private async change(
    folded: string,
    change: (totals: DepartmentTotals | undefined) => DepartmentTotals,
  ): Promise<void> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const totals = await this.store.get(folded);
      if (await this.store.put(change(totals))) return;
    }
    throw new Error('The totals of a department were changed by others at every attempt to change them');
  }
}
