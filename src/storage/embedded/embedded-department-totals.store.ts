import type { DepartmentTotals } from '../../domain/people/department-totals.js';
import { DepartmentTotalsStore } from '../ports/department-totals.store.js';
import type { EmbeddedDatabase } from './embedded-database.js';
import type { Table } from './embedded-table.js';
import { RevisionedTable } from './revisioned-table.js';

const COMPLETE = 'complete';

/** The totals of departments in the embedded store. */
export class EmbeddedDepartmentTotalsStore extends DepartmentTotalsStore {
  private readonly totals: RevisionedTable<DepartmentTotals>;
  private readonly marks: Table<boolean>;

  constructor(private readonly database: EmbeddedDatabase) {
    super();
    this.totals = new RevisionedTable(database, 'department_totals', 'department totals');
    this.marks = database.table('department_totals_marks');
  }

  async get(folded: readonly string[]): Promise<Map<string, DepartmentTotals>> {
    return new Map((await this.totals.getAll(folded)).map((totals) => [totals.folded, totals]));
  }

  put(totals: DepartmentTotals): Promise<boolean> {
    return this.totals.put(totals.folded, totals);
  }

  list(): Promise<DepartmentTotals[]> {
    return this.totals.all();
  }

  isComplete(): Promise<boolean> {
    return this.database.read('read department totals', () => this.marks.get(COMPLETE) === true);
  }

  async complete(): Promise<void> {
    await this.database.transaction('keep department totals', () => this.marks.put(COMPLETE, true));
  }
}
