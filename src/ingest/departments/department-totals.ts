import { type Employee, departmentOf } from '../../domain/people/employee.js';
import { RollUp, type DepartmentSums } from '../../domain/people/roll-up.js';
import type { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import type { EntityTable } from '../../storage/ports/entity.store.js';
import { foldDepartmentName } from '../../domain/people/department.js';
import { isDeepStrictEqual } from 'node:util';
import type { Metrics } from '../../domain/surveys/scores.js';

/** The total of one department. */
export interface Total {
  /** The department's name as one of its employees has it. */
  readonly name: string;
  readonly rollUp: RollUp;
}

/** Folded names of departments. */
export type Names = ReadonlySet<string> | 'all';

/** The totals of the employees of departments. Throws StorageError, and an abort when the server stops. */
export abstract class EmployeeTotals {
  /** The totals of the named departments that have employees, or of all, by folded name. Sees every change acknowledged before. */
  abstract of(names: Names): Promise<Map<string, Total>>;

  /** All totals, from a scan of every employee, whatever is stored. */
  abstract recompute(): Promise<Map<string, Total>>;
}

/** Scans every employee at each call. */
export class ScannedTotals extends EmployeeTotals {
  constructor(
    private readonly employees: Pick<EntityTable<Employee>, 'scan'>,
    private readonly lifecycle: Lifecycle,
  ) {
    super();
  }

  async of(names: Names): Promise<Map<string, Total>> {
    return (await this.tally(names)).totals;
  }

  /** The same, as a tally. */
  async tally(names: Names): Promise<TotalsTally> {
    const tally = new TotalsTally();
    for await (const page of this.employees.scan()) {
      this.lifecycle.halting.throwIfAborted();
      tally.add(page, (folded) => names === 'all' || names.has(folded));
    }
    return tally;
  }

  recompute(): Promise<Map<string, Total>> {
    return this.of('all');
  }
}

/** Adds up the employees of a scan. */
export class TotalsTally {
  readonly totals = new Map<string, Total>();
  private readonly foldedNames = new Map<string, string>();

  /** Adds a page of employees, restricted to the departments that `isMeant` accepts by folded name. */
  add(page: readonly Employee[], isMeant: (folded: string) => boolean = () => true): void {
    for (const employee of page) {
      const name = departmentOf(employee);
      if (name === undefined) continue;
      let folded = this.foldedNames.get(name);
      if (folded === undefined) this.foldedNames.set(name, (folded = foldDepartmentName(name)));
      if (!isMeant(folded)) continue;
      this.apply({ folded, name, metrics: employee.metrics, sign: 1 });
    }
  }

  /** Adds one employee to a department, or subtracts one. */
  apply({ folded, name, metrics, sign }: Delta): void {
    let total = this.totals.get(folded);
    if (!total) this.totals.set(folded, (total = { name, rollUp: new RollUp() }));
    total.rollUp.add(metrics, sign);
  }

  /** The sums of one department, by its folded name. */
  sumsOf(folded: string): DepartmentSums {
    return (this.totals.get(folded)?.rollUp ?? new RollUp()).sums;
  }
}

/** One employee to add to a department, or to subtract from it. */
interface Delta {
  readonly folded: string;
  readonly name: string;
  readonly metrics: Metrics;
  readonly sign: 1 | -1;
}

/** What an employee's change adds to departments and subtracts: nothing where neither department nor scores change. */
export function deltasOf(before: Employee | undefined, after: Employee | undefined): readonly Delta[] {
  const [left, joined] = [membership(before, -1), membership(after, 1)];
  if (left?.folded === joined?.folded && isDeepStrictEqual(left?.metrics, joined?.metrics)) return [];
  return [left, joined].filter((delta) => delta !== undefined);
}

function membership(employee: Employee | undefined, sign: 1 | -1): Delta | undefined {
  if (!employee) return undefined;
  const name = departmentOf(employee);
  if (name === undefined) return undefined;
  return { folded: foldDepartmentName(name), name, metrics: employee.metrics, sign };
}
