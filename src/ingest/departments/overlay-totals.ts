import type { Employee } from '../../domain/people/employee.js';
import { isPossible } from '../../domain/people/department-totals.js';
import { RollUp } from '../../domain/people/roll-up.js';
import type { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import type { EntityTable, Mutation } from '../../storage/ports/entity.store.js';
import {
  countedOf,
  EmployeeTotals,
  ScannedTotals,
  type Names,
  type Total,
  TotalsTally,
} from './department-totals.js';

/** The sums of departments as they would be after changes of employees that are not made. */
export class OverlayTotals extends EmployeeTotals {
  /** The employees; the sums follow the changes that are made through it, and no deletion. */
  readonly employees: EntityTable<Employee>;
  private readonly changes = new TotalsTally();
  private readonly scanned: ScannedTotals;

  /** `employees` remembers the changes, and makes none. */
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
        for (const mutation of mutations) this.count(mutation);
        return mutations;
      },
    };
  }

  async of(names: Names): Promise<Map<string, Total>> {
    return this.changed(await this.real.of(names), names);
  }

  async anew(): Promise<Map<string, Total>> {
    return this.changed(await this.real.anew(), 'all');
  }

  private count({ before, after, changed }: Mutation<Employee>): void {
    if (!changed) return;
    for (const counted of countedOf(before, after)) this.changes.count(counted);
  }

  private async changed(real: ReadonlyMap<string, Total>, names: Names): Promise<Map<string, Total>> {
    const sums = new Map(real);
    const impossible = new Set<string>();
    for (const [folded, { name, rollUp: change }] of this.changes.totals) {
      if (names !== 'all' && !names.has(folded)) continue;
      const total = sums.get(folded);
      const rollUp = new RollUp();
      if (total) rollUp.merge(total.rollUp);
      rollUp.merge(change);
      if (!isPossible(rollUp.sums)) impossible.add(folded);
      if (rollUp.employees > 0) sums.set(folded, { name: total?.name ?? name, rollUp });
      else sums.delete(folded);
    }
    if (impossible.size === 0) return sums;
    for (const folded of impossible) sums.delete(folded);
    for (const [folded, total] of await this.scanned.of(impossible)) sums.set(folded, total);
    return sums;
  }
}
