import type { DepartmentTotals } from '../../domain/department-totals.js';
import { DepartmentTotalsStore } from '../department-totals.store.js';
import type { EmbeddedDatabase } from './embedded-database.js';
import type { Table } from './embedded-table.js';

const COMPLETE = 'complete';

/** The totals of departments in the embedded store. */
export class EmbeddedDepartmentTotalsStore extends DepartmentTotalsStore {
  private readonly totals: Table<DepartmentTotals>;
  private readonly marks: Table<boolean>;

  constructor(private readonly database: EmbeddedDatabase) {
    super();
    this.totals = database.table('department_totals');
    this.marks = database.table('department_totals_marks');
  }

  get(folded: readonly string[]): Promise<Map<string, DepartmentTotals>> {
    return this.database.read('read department totals', () => {
      const found = new Map<string, DepartmentTotals>();
      for (const name of folded) {
        const totals = this.totals.get(name);
        if (totals) found.set(name, totals);
      }
      return found;
    });
  }

  put(totals: DepartmentTotals): Promise<boolean> {
    return this.database.transaction('keep department totals', () => {
      if ((this.totals.get(totals.folded)?.revision ?? 0) !== totals.revision - 1) return false;
      this.totals.put(totals.folded, totals);
      return true;
    });
  }

  list(): Promise<DepartmentTotals[]> {
    return this.database.read('read department totals', () => this.totals.range({}));
  }

  isComplete(): Promise<boolean> {
    return this.database.read('read department totals', () => this.marks.get(COMPLETE) === true);
  }

  async complete(): Promise<void> {
    await this.database.transaction('keep department totals', () => this.marks.put(COMPLETE, true));
  }
}
