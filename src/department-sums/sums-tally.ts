import { foldDepartmentName } from '../domain/department-name.js';
import { departmentOf, type Employee } from '../domain/people/employee.js';
import { RollUp, type DepartmentSums } from '../domain/people/roll-up.js';
import type { Counted } from './employee-change.js';
import type { Total } from '../ingest/departments/department-totals.js';

/** Adds employees up as somebody looks at all of them. */
export class SumsTally {
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
