import type { Employee } from '../../domain/people/employee.js';
import { isPossible } from '../../domain/people/department-totals.js';
import { RollUp } from '../../domain/people/roll-up.js';
import type { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import type { EntityTable, Mutation } from '../../storage/ports/entity.store.js';
import {
  deltasOf,
  EmployeeTotals,
  ScannedTotals,
  type Names,
  type Total,
  TotalsTally,
} from './department-totals.js';

/** The totals of departments after the changes of a dry run, which only an overlay of the employees holds. */
export class OverlayTotals extends EmployeeTotals {
  /** The overlay. The totals follow the changes that are made through it; they do not follow deletions. */
  readonly employees: EntityTable<Employee>;
  private readonly changes = new TotalsTally();
  private readonly scanned: ScannedTotals;

  /** `employees`: an overlay, which writes nothing. */
  constructor(
    private readonly real: EmployeeTotals,
    employees: EntityTable<Employee>,
    lifecycle: Lifecycle,
  ) {
    super();
    this.scanned = new ScannedTotals(employees, lifecycle);
    this.employees = {
      getMany: (ids) => employees.getMany(ids),
      scan: () => employees.scan(),
      delete: (id) => employees.delete(id),
      mutate: async (ids, change) => {
        const mutations = await employees.mutate(ids, change);
        for (const mutation of mutations) this.apply(mutation);
        return mutations;
      },
    };
  }

  async of(names: Names): Promise<Map<string, Total>> {
    return this.changed(await this.real.of(names), names);
  }

  async recompute(): Promise<Map<string, Total>> {
    return this.changed(await this.real.recompute(), 'all');
  }

  private apply({ before, after, changed }: Mutation<Employee>): void {
    if (!changed) return;
    for (const delta of deltasOf(before, after)) this.changes.apply(delta);
  }

  private async changed(real: ReadonlyMap<string, Total>, names: Names): Promise<Map<string, Total>> {
    const totals = new Map(real);
    const impossible = new Set<string>();
    for (const [folded, { name, rollUp: change }] of this.changes.totals) {
      if (names !== 'all' && !names.has(folded)) continue;
      const total = totals.get(folded);
      const rollUp = new RollUp();
      if (total) rollUp.merge(total.rollUp);
      rollUp.merge(change);
      if (!isPossible(rollUp.sums)) impossible.add(folded);
      if (rollUp.employees > 0) totals.set(folded, { name: total?.name ?? name, rollUp });
      else totals.delete(folded);
    }
    if (impossible.size === 0) return totals;
    for (const folded of impossible) totals.delete(folded);
    for (const [folded, total] of await this.scanned.of(impossible)) totals.set(folded, total);
    return totals;
  }
}
