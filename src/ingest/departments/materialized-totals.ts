import { Inject, Injectable } from '@nestjs/common';
import { isDeepStrictEqual } from 'node:util';
import {
  invalidated,
  newTotals,
  recomputed,
  type DepartmentTotals,
} from '../../domain/people/department-totals.js';
import type { Employee } from '../../domain/people/employee.js';
import { RollUp } from '../../domain/people/roll-up.js';
import { InstanceRegistry, type Presence } from '../../platform/cluster/instance-registry.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { DepartmentTotalsStore } from '../../storage/ports/department-totals.store.js';
import { EmployeeStore } from '../../storage/ports/entity.store.js';
import { EmployeeTotals, ScannedTotals, type Names, type Total, TotalsTally } from './department-totals.js';
import { PendingDeltas } from './pending-deltas.js';

/** A look at all employees, while which they are counted. */
export interface SumsCheck {
  /** The next employees; each once. */
  add(page: readonly Employee[]): void;
  /** They were all. Keeps their sums, and answers the departments, by folded name, whose sums were taken for right and are not. */
  keep(): Promise<ReadonlySet<string>>;
}

/** The totals of a department when they were read. */
interface KeptTotals {
  readonly totals: DepartmentTotals;
  /** Of each count that was open: whether somebody was there to close it. */
  readonly closings: readonly boolean[];
}

/**
 * The sums as they are kept: what they cost is in proportion to the departments asked for. Where a count was left open,
 * or was spoiled, they are computed from the employees, and kept again.
 */
@Injectable()
export class MaterializedTotals extends EmployeeTotals {
  private readonly scanned: ScannedTotals;

  constructor(
    @Inject(EmployeeStore) employees: EmployeeStore,
    @Inject(DepartmentTotalsStore) private readonly store: DepartmentTotalsStore,
    private readonly counts: PendingDeltas,
    private readonly registry: InstanceRegistry,
    lifecycle: Lifecycle,
  ) {
    super();
    this.scanned = new ScannedTotals(employees, lifecycle);
  }

  async of(names: Names): Promise<Map<string, Total>> {
    if (!(await this.store.isComplete())) return only(names, await this.anew());
    const kept = await this.kept(names);
    const sums = new Map(
      [...kept].map(([folded, { totals }]) => [
        folded,
        { name: totals.name, rollUp: RollUp.of(totals.sums) },
      ]),
    );
    const doubtful = new Map(
      [...kept].filter(([, { totals, closings }]) => totals.isDirty || closings.includes(false)),
    );
    if (doubtful.size > 0) {
      const anew = await this.recount(new Set(doubtful.keys()), doubtful);
      for (const name of doubtful.keys()) sums.delete(name);
      for (const [name, total] of anew) sums.set(name, total);
    }
    for (const [folded, { rollUp }] of sums) if (rollUp.employees <= 0) sums.delete(folded);
    return sums;
  }

  async anew(): Promise<Map<string, Total>> {
    const sums = await this.recount('all', await this.kept('all'));
    await this.store.complete();
    return sums;
  }

  /**
   * Has the sums of departments, by folded name and name, computed anew when they are next asked for: somebody else has
   * edited employees. Whoever is looking at the employees meanwhile may have looked too early, and keeps nothing.
   */
  async doubt(names: ReadonlyMap<string, string>): Promise<void> {
    await Promise.all([...names].map(([folded, name]) => this.counts.doubt(folded, name)));
  }

  /**
   * Begins to count employees that somebody is about to look at, all of them: what other tools have edited shows. Changes
   * made meanwhile are no drift, and are not lost.
   */
  async check(): Promise<SumsCheck> {
    const kept = await this.kept('all');
    const isComplete = await this.store.isComplete();
    const tally = new TotalsTally();
    return {
      add: (page) => tally.add(page),
      keep: async () => {
        const drifted = await this.keep(kept, tally);
        await this.store.complete();
        return isComplete ? drifted : new Set();
      },
    };
  }

  private kept(names: Names): Promise<Map<string, KeptTotals>> {
    return this.counts.flush(names, async () => {
      const read =
        names === 'all' ? await this.store.list() : [...(await this.store.getMany([...names])).values()];
      const presence = await this.presenceFor(read);
      return new Map(
        read.map((totals) => [totals.folded, { totals, closings: this.closings(totals, presence) }]),
      );
    });
  }

  /** Computes sums, and keeps those of departments of which nobody has counted since `kept` was read. */
  private async recount(names: Names, kept: ReadonlyMap<string, KeptTotals>): Promise<Map<string, Total>> {
    const tally = await this.scanned.tally(names);
    await this.keep(kept, tally);
    return tally.totals;
  }

  /** Answers which were taken for right, and were not. */
  private async keep(kept: ReadonlyMap<string, KeptTotals>, tally: TotalsTally): Promise<Set<string>> {
    const drifted = new Set<string>();
    for (const folded of new Set([...kept.keys(), ...tally.totals.keys()])) {
      const known = kept.get(folded);
      const before = known?.totals ?? newTotals(folded, tally.totals.get(folded)?.name ?? folded, true);
      const closings = known?.closings ?? [];
      const sums = tally.sumsOf(folded);
      const wasSure = known === undefined || isSure(known.totals);
      if (closings.includes(true)) {
        // Who counted at that moment may have changed employees before they were looked at, or after.
        if (closings.includes(false)) await this.markDirty(before);
      } else if (wasSure && isDeepStrictEqual(before.sums, sums)) {
        continue;
      } else if ((await this.store.put(recomputed(before, sums))) && wasSure) {
        drifted.add(folded);
      }
    }
    return drifted;
  }

  /** Whoever closes the count finds out. A refusal means that somebody has changed it: then it is looked at again. */
  private async markDirty(totals: DepartmentTotals): Promise<void> {
    if (totals.isDirty) return;
    const { folded } = totals;
    for (
      let now: DepartmentTotals | undefined = totals;
      now && !now.isDirty;
      now = await this.store.get(folded)
    )
      if (await this.store.put(invalidated(now))) return;
  }

  /** Of each open count whether somebody will close it. */
  private closings({ open }: DepartmentTotals, presence: Presence | undefined): boolean[] {
    return Object.entries(open).map(([id, instance]) =>
      instance === this.registry.id ? this.counts.willClose(id) : presence?.isGone(instance) === false,
    );
  }

  /** Nobody is asked where nothing is open. */
  private async presenceFor(totals: Iterable<DepartmentTotals>): Promise<Presence | undefined> {
    for (const { open } of totals)
      if (Object.values(open).some((instance) => instance !== this.registry.id)) return this.registry.look();
    return undefined;
  }
}

/** Whether sums are known, and nobody counts. */
function isSure({ isDirty, open }: DepartmentTotals): boolean {
  return !isDirty && Object.keys(open).length === 0;
}

function only(names: Names, sums: Map<string, Total>): Map<string, Total> {
  return names === 'all' ? sums : new Map([...sums].filter(([folded]) => names.has(folded)));
}
