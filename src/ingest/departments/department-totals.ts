import { type Employee, departmentOf } from '../../domain/people/employee.js';
import { RollUp, type DepartmentSums } from '../../domain/people/roll-up.js';
import type { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import type { EntityTable } from '../../storage/ports/entity.store.js';
import { foldDepartmentName } from '../../domain/people/department.js';
import { isDeepStrictEqual } from 'node:util';
import type { Metrics } from '../../domain/surveys/scores.js';

/** A department as its employees make it. */
export interface Total {
  /** As one of them has it. */
  readonly name: string;
  readonly rollUp: RollUp;
}

/** Folded names of departments. */
export type Names = ReadonlySet<string> | 'all';

/** What the employees of departments add up to. Throws StorageError, and an abort when the server stops. */
export abstract class EmployeeTotals {
  /** The named departments that have employees, or all, by folded name. Sees every change acknowledged before. */
  abstract of(names: Names): Promise<Map<string, Total>>;

  /** All of them, by looking at every employee, whatever was known before. */
  abstract anew(): Promise<Map<string, Total>>;
}

/** Looks at every employee each time. */
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

  /** The same, as it was added up. */
  async tally(names: Names): Promise<TotalsTally> {
    const tally = new TotalsTally();
    for await (const page of this.employees.scan()) {
      this.lifecycle.halting.throwIfAborted();
      tally.add(page, (folded) => names === 'all' || names.has(folded));
    }
    return tally;
  }

  anew(): Promise<Map<string, Total>> {
    return this.of('all');
  }
}

/** Adds employees up as somebody looks at all of them. */
export class TotalsTally {
  readonly totals = new Map<string, Total>();
  private readonly foldedNames = new Map<string, string>();

  /** Adds a page of employees; only those of departments that `isMeant` accepts by folded name. */
  add(page: readonly Employee[], isMeant: (folded: string) => boolean = () => true): void {
    for (const employee of page) {
      const name = departmentOf(employee);
      if (name === undefined) continue;
      let folded = this.foldedNames.get(name);
      if (folded === undefined) this.foldedNames.set(name, (folded = foldDepartmentName(name)));
      if (!isMeant(folded)) continue;
      this.count({ folded, name, metrics: employee.metrics, sign: 1 });
    }
  }

  /** Counts one employee of a department, or takes one away. */
  count({ folded, name, metrics, sign }: Counted): void {
    let total = this.totals.get(folded);
    if (!total) this.totals.set(folded, (total = { name, rollUp: new RollUp() }));
    total.rollUp.add(metrics, sign);
  }

  /** What the employees of one department added up to, by its folded name. */
  sumsOf(folded: string): DepartmentSums {
    return (this.totals.get(folded)?.rollUp ?? new RollUp()).sums;
  }
}

/** An employee who is to be counted in a department, or counted away. */
interface Counted {
  readonly folded: string;
  readonly name: string;
  readonly metrics: Metrics;
  readonly sign: 1 | -1;
}

/** What an employee's change makes of the sums of departments: nothing where no department and no score changes. */
export function countedOf(before: Employee | undefined, after: Employee | undefined): readonly Counted[] {
  const [away, to] = [membership(before, -1), membership(after, 1)];
  if (away?.folded === to?.folded && isDeepStrictEqual(away?.metrics, to?.metrics)) return [];
  return [away, to].filter((counted) => counted !== undefined);
}

function membership(employee: Employee | undefined, sign: 1 | -1): Counted | undefined {
  if (!employee) return undefined;
  const name = departmentOf(employee);
  if (name === undefined) return undefined;
  return { folded: foldDepartmentName(name), name, metrics: employee.metrics, sign };
}
