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

/** A scan of all employees that checks the stored totals. */
export interface TotalsCheck {
  /** Adds the next employees of the scan; each employee once. */
  add(page: readonly Employee[]): void;
  /** Ends the scan and stores its totals. Returns the departments, by folded name, whose totals seemed right and were not. */
  save(): Promise<ReadonlySet<string>>;
}

/** The totals of a department when they were read. */
interface StoredTotals {
  readonly totals: DepartmentTotals;
  /** For each open delta: whether a process that will close it exists. */
  readonly closings: readonly boolean[];
}

/**
 * The stored totals: reading costs in proportion to the departments asked for. Totals with a delta that was left open or
 * tainted are recomputed from the employees, and stored again.
 */
@Injectable()
export class MaterializedTotals extends EmployeeTotals {
  private readonly scanned: ScannedTotals;

  constructor(
    @Inject(EmployeeStore) employees: EmployeeStore,
    @Inject(DepartmentTotalsStore) private readonly store: DepartmentTotalsStore,
    private readonly deltas: PendingDeltas,
    private readonly registry: InstanceRegistry,
    lifecycle: Lifecycle,
  ) {
    super();
    this.scanned = new ScannedTotals(employees, lifecycle);
  }

  async of(names: Names): Promise<Map<string, Total>> {
    if (!(await this.store.isComplete())) return only(names, await this.recompute());
    const stored = await this.stored(names);
    const found = new Map(
      [...stored].map(([folded, { totals }]) => [
        folded,
        { name: totals.name, rollUp: RollUp.of(totals.sums) },
      ]),
    );
    const invalid = new Map(
      [...stored].filter(([, { totals, closings }]) => totals.isDirty || closings.includes(false)),
    );
    if (invalid.size > 0) {
      const recomputed = await this.rescan(new Set(invalid.keys()), invalid);
      for (const name of invalid.keys()) found.delete(name);
      for (const [name, total] of recomputed) found.set(name, total);
    }
    for (const [folded, { rollUp }] of found) if (rollUp.employees <= 0) found.delete(folded);
    return found;
  }

  async recompute(): Promise<Map<string, Total>> {
    const totals = await this.rescan('all', await this.stored('all'));
    await this.store.complete();
    return totals;
  }

  /**
   * Has the totals of departments, by folded name: the name, recomputed when they are next read, since another tool has
   * edited employees. A scan that runs meanwhile may have read the employees before the edit, and stores nothing.
   */
  async invalidate(names: ReadonlyMap<string, string>): Promise<void> {
    await Promise.all([...names].map(([folded, name]) => this.deltas.invalidate(folded, name)));
  }

  /**
   * Begins to check totals against a scan of all employees, which shows what other tools have edited. Tracked changes made
   * meanwhile are no drift, and are not lost.
   */
  async check(): Promise<TotalsCheck> {
    const stored = await this.stored('all');
    const isComplete = await this.store.isComplete();
    const tally = new TotalsTally();
    return {
      add: (page) => tally.add(page),
      save: async () => {
        const drifted = await this.save(stored, tally);
        await this.store.complete();
        return isComplete ? drifted : new Set();
      },
    };
  }

  private stored(names: Names): Promise<Map<string, StoredTotals>> {
    return this.deltas.flush(names, async () => {
      const read =
        names === 'all' ? await this.store.list() : [...(await this.store.getMany([...names])).values()];
      const presence = await this.presenceFor(read);
      return new Map(
        read.map((totals) => [totals.folded, { totals, closings: this.closings(totals, presence) }]),
      );
    });
  }

  /** Computes totals, and stores those of departments that have not changed since `stored` was read. */
  private async rescan(names: Names, stored: ReadonlyMap<string, StoredTotals>): Promise<Map<string, Total>> {
    const tally = await this.scanned.tally(names);
    await this.save(stored, tally);
    return tally.totals;
  }

  /** Returns the departments whose totals seemed right and were not. */
  private async save(stored: ReadonlyMap<string, StoredTotals>, tally: TotalsTally): Promise<Set<string>> {
    const drifted = new Set<string>();
    for (const folded of new Set([...stored.keys(), ...tally.totals.keys()])) {
      const known = stored.get(folded);
      const before = known?.totals ?? newTotals(folded, tally.totals.get(folded)?.name ?? folded, true);
      const closings = known?.closings ?? [];
      const sums = tally.sumsOf(folded);
      const wasValid = known === undefined || isValid(known.totals);
      if (closings.includes(true)) {
        // A process with an open delta may have changed employees before the scan read them, or after.
        if (closings.includes(false)) await this.markDirty(before);
      } else if (wasValid && isDeepStrictEqual(before.sums, sums)) {
        continue;
      } else if ((await this.store.put(recomputed(before, sums))) && wasValid) {
        drifted.add(folded);
      }
    }
    return drifted;
  }

  /** The process that closes the open delta finds the mark. After a conflict the totals are read and marked again. */
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

  /** For each open delta: whether a process will close it. */
  private closings({ open }: DepartmentTotals, presence: Presence | undefined): boolean[] {
    return Object.entries(open).map(([id, instance]) =>
      instance === this.registry.id ? this.deltas.willClose(id) : presence?.isGone(instance) === false,
    );
  }

  /** Undefined, without a read, where no other instance has an open delta. */
  private async presenceFor(totals: Iterable<DepartmentTotals>): Promise<Presence | undefined> {
    for (const { open } of totals)
      if (Object.values(open).some((instance) => instance !== this.registry.id)) return this.registry.look();
    return undefined;
  }
}

/** Whether totals are valid, and no delta is open. */
function isValid({ isDirty, open }: DepartmentTotals): boolean {
  return !isDirty && Object.keys(open).length === 0;
}

function only(names: Names, totals: Map<string, Total>): Map<string, Total> {
  return names === 'all' ? totals : new Map([...totals].filter(([folded]) => names.has(folded)));
}
