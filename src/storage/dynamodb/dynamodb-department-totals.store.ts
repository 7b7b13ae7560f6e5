import type { DepartmentTotals } from '../../domain/department-totals.js';
import { DepartmentTotalsStore } from '../department-totals.store.js';
import { CoordinationList } from './coordination-list.js';
import type { DynamoTables, Item } from './dynamo-tables.js';

const COMPLETE = 'complete';

/** The totals of departments in DynamoDB. */
export class DynamoDepartmentTotalsStore extends DepartmentTotalsStore {
  private readonly totals: CoordinationList;
  private readonly marks: CoordinationList;

  constructor(tables: DynamoTables) {
    super();
    this.totals = new CoordinationList(tables, 'department_totals');
    this.marks = new CoordinationList(tables, 'department_totals_marks');
  }

  async get(folded: readonly string[]): Promise<Map<string, DepartmentTotals>> {
    const items = await this.totals.getAll(folded);
    return new Map(items.map(totalsOf).map((totals) => [totals.folded, totals]));
  }

  put(totals: DepartmentTotals): Promise<boolean> {
    const { folded, revision } = totals;
    const attributes = { revision, totals: JSON.stringify(totals) };
    return this.totals.putIf(folded, attributes, 'revision', revision === 1 ? undefined : revision - 1);
  }

  async list(): Promise<DepartmentTotals[]> {
    return (await this.totals.all()).map(totalsOf);
  }

  async isComplete(): Promise<boolean> {
    return (await this.marks.get(COMPLETE)) !== undefined;
  }

  async complete(): Promise<void> {
    await this.marks.put(COMPLETE, {});
  }
}

function totalsOf({ totals }: Item): DepartmentTotals {
  return JSON.parse(String(totals)) as DepartmentTotals;
}
