import type { DepartmentTotals } from '../../domain/people/department-totals.js';
import { DepartmentTotalsStore } from '../ports/department-totals.store.js';
import { CoordinationList } from './coordination-list.js';
import type { DynamoTables } from './dynamo-tables.js';
import { RevisionedList } from './revisioned-list.js';

const COMPLETE = 'complete';

/** The totals of departments in DynamoDB. */
export class DynamoDepartmentTotalsStore extends DepartmentTotalsStore {
  private readonly totals: RevisionedList<DepartmentTotals>;
  private readonly marks: CoordinationList;

  constructor(tables: DynamoTables) {
    super();
    this.totals = new RevisionedList(tables, 'department_totals', 'totals');
    this.marks = new CoordinationList(tables, 'department_totals_marks');
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

  async isComplete(): Promise<boolean> {
    return (await this.marks.get(COMPLETE)) !== undefined;
  }

  async complete(): Promise<void> {
    await this.marks.put(COMPLETE, {});
  }
}
