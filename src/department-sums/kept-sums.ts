import { Inject, Injectable } from '@nestjs/common';
import { isDeepStrictEqual } from 'node:util';
import { doubted, newTotals, recomputed, type DepartmentTotals } from '../domain/department-totals.js';
import type { Employee } from '../domain/employee.js';
import { RollUp } from '../domain/roll-up.js';
import { InstanceRegistry, type Presence } from '../instances/instance-registry.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { DepartmentTotalsStore } from '../storage/department-totals.store.js';
import { EmployeeStore } from '../storage/employee.store.js';
import { EmployeeSums, ScannedSums, type Names, type Total } from './employee-sums.js';
import { OpenCounts } from './open-counts.js';
import { SumsTally } from './sums-tally.js';

/** A look at all employees, while which they are counted. */
export interface SumsCheck {
  /** The next employees; each once. */
  add(page: readonly Employee[]): void;
  /** They were all. Keeps their sums, and answers the departments, by folded name, whose sums were taken for right and are not. */
  keep(): Promise<ReadonlySet<string>>;
}

/**
 * The sums as they are kept: what they cost is in proportion to the departments asked for. Where a count was left open,
 * or was spoiled, they are computed from the employees, and kept again.
 */
@Injectable()
export class KeptSums extends EmployeeSums {
  private readonly scanned: ScannedSums;

  constructor(
    @Inject(EmployeeStore) employees: EmployeeStore,
    @Inject(DepartmentTotalsStore) private readonly store: DepartmentTotalsStore,
    private readonly counts: OpenCounts,
    private readonly registry: InstanceRegistry,
    lifecycle: Lifecycle,
  ) {
    super();
    this.scanned = new ScannedSums(employees, lifecycle);
  }

  async of(names: Names): Promise<Map<string, Total>> {
    if (!(await this.store.isComplete())) return only(names, await this.anew());
    await this.counts.flush(names);
    const kept = await this.keptOf(names);
    const presence = await this.presenceFor(kept.values());
    const doubtful = [...kept.values()].filter(
      (totals) => totals.isDirty || this.openCounts(totals, presence).some((isLive) => !isLive),
    );
    const sums = new Map(
      [...kept].map(([folded, { name, sums: known }]) => [folded, { name, rollUp: RollUp.of(known) }]),
    );
    if (doubtful.length > 0) {
      const folded = new Set(doubtful.map((totals) => totals.folded));
      const before = new Map(doubtful.map((totals) => [totals.folded, totals]));
      const anew = await this.recount(folded, before, presence);
      for (const name of folded) sums.delete(name);
      for (const [name, total] of anew) sums.set(name, total);
    }
    for (const [folded, { rollUp }] of sums) if (rollUp.employees <= 0) sums.delete(folded);
    return sums;
  }

  async anew(): Promise<Map<string, Total>> {
    await this.counts.flush('all');
    const kept = await this.keptOf('all');
    const sums = await this.recount('all', kept, await this.presenceFor(kept.values()));
    await this.store.complete();
    return sums;
  }

  /**
   * Begins to count employees that somebody is about to look at, all of them: what other tools have edited shows. Changes
   * made meanwhile are no drift, and are not lost.
   */
  async check(): Promise<SumsCheck> {
    await this.counts.flush('all');
    const kept = await this.keptOf('all');
    const presence = await this.presenceFor(kept.values());
    const isComplete = await this.store.isComplete();
    const tally = new SumsTally();
    return {
      add: (page) => tally.add(page),
      keep: async () => {
        const drifted = await this.keep(kept, tally, presence);
        await this.store.complete();
        return isComplete ? drifted : new Set();
      },
    };
  }

  private async keptOf(names: Names): Promise<Map<string, DepartmentTotals>> {
    if (names !== 'all') return this.store.get([...names]);
    return new Map((await this.store.list()).map((totals) => [totals.folded, totals]));
  }

  /** Computes sums, and keeps those of departments of which nobody has counted since `kept` was read. */
  private async recount(
    names: Names,
    kept: ReadonlyMap<string, DepartmentTotals>,
    presence: Presence | undefined,
  ): Promise<Map<string, Total>> {
    const tally = await this.scanned.tally(names);
    await this.keep(kept, tally, presence);
    return tally.totals;
  }

  /** Answers which were taken for right, and were not. */
  private async keep(
    kept: ReadonlyMap<string, DepartmentTotals>,
    tally: SumsTally,
    presence: Presence | undefined,
  ): Promise<Set<string>> {
    const drifted = new Set<string>();
    for (const folded of new Set([...kept.keys(), ...tally.totals.keys()])) {
      const known = kept.get(folded);
      const before = known ?? newTotals(folded, tally.totals.get(folded)?.name ?? folded, true);
      const sums = tally.sumsOf(folded);
      const wasSure = known === undefined || isSure(known);
      const counting = this.openCounts(before, presence);
      if (counting.includes(true)) {
        // Who counts at this moment may have changed employees before they were looked at, or after.
        if (counting.includes(false)) await this.markDirty(before);
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
      now = (await this.store.get([folded])).get(folded)
    )
      if (await this.store.put(doubted(now))) return;
  }

  /** Of each open count whether somebody will close it. */
  private openCounts({ open }: DepartmentTotals, presence: Presence | undefined): boolean[] {
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
