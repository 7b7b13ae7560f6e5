import type { Employee } from '../../domain/people/employee.js';
import type { RollUp } from '../../domain/people/roll-up.js';
import type { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import type { EntityTable } from '../../storage/ports/entity.store.js';
import { SumsTally } from '../../department-sums/sums-tally.js';

/** A department as its employees make it. */
export interface Total {
  /** As one of them has it. */
  readonly name: string;
  readonly rollUp: RollUp;
}

/** Folded names of departments. */
export type Names = ReadonlySet<string> | 'all';

/** What the employees of departments add up to. Throws StorageError, and an abort when the server stops. */
export abstract class EmployeeSums {
  /** The named departments that have employees, or all, by folded name. Sees every change acknowledged before. */
  abstract of(names: Names): Promise<Map<string, Total>>;

  /** All of them, by looking at every employee, whatever was known before. */
  abstract anew(): Promise<Map<string, Total>>;
}

/** Looks at every employee each time. */
export class ScannedSums extends EmployeeSums {
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
  async tally(names: Names): Promise<SumsTally> {
    const tally = new SumsTally();
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
