import type { DepartmentTotals } from '../../domain/people/department-totals.js';
import type { DepartmentTotalsStore } from '../ports/department-totals.store.js';
import type { EmbeddedDatabase } from './embedded-database.js';
import { EmbeddedRevisionedStore } from './embedded-revisioned.store.js';
import type { Table } from './embedded-table.js';

const COMPLETE = 'complete';

/** The totals of departments in the embedded store. */
export class EmbeddedDepartmentTotalsStore
  extends EmbeddedRevisionedStore<DepartmentTotals>
  implements DepartmentTotalsStore
{
  private readonly marks: Table<boolean>;

  constructor(database: EmbeddedDatabase) {
    super(database, { table: 'department_totals', what: 'department totals', idOf: ({ folded }) => folded });
    this.marks = database.table('department_totals_marks');
  }

  isComplete(): Promise<boolean> {
    return this.database.read('read department totals', () => this.marks.get(COMPLETE) === true);
  }

  async complete(): Promise<void> {
    await this.database.transaction('write department totals', () => this.marks.put(COMPLETE, true));
  }
}
