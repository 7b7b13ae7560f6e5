import { foldDepartmentName } from '../domain/department-name.js';
import type { Employee } from '../domain/employee.js';
import { RollUp, type DepartmentSums } from '../domain/roll-up.js';
import type { Total } from './employee-sums.js';

/** Adds employees up as somebody looks at all of them. */
export class SumsTally {
  readonly totals = new Map<string, Total>();
  private readonly foldedNames = new Map<string, string>();

  /** Adds a page of employees; only those of departments that `isMeant` accepts by folded name. */
  add(page: readonly Employee[], isMeant: (folded: string) => boolean = () => true): void {
    for (const { attributes, metrics } of page) {
      const name = attributes.division;
      if (name === undefined || name.trim() === '') continue;
      let folded = this.foldedNames.get(name);
      if (folded === undefined) this.foldedNames.set(name, (folded = foldDepartmentName(name)));
      if (!isMeant(folded)) continue;
      let total = this.totals.get(folded);
      if (!total) this.totals.set(folded, (total = { name, rollUp: new RollUp() }));
      total.rollUp.add(metrics);
    }
  }

  /** What the employees of one department added up to, by its folded name. */
  sumsOf(folded: string): DepartmentSums {
    return (this.totals.get(folded)?.rollUp ?? new RollUp()).sums;
  }
}
