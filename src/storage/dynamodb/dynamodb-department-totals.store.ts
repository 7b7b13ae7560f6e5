import type { DepartmentTotals } from '../../domain/people/department-totals.js';
import type { DepartmentTotalsStore } from '../ports/department-totals.store.js';
import { CoordinationList } from './coordination-list.js';
import type { DynamoTables } from './dynamo-tables.js';
import { DynamoRevisionedStore } from './dynamodb-revisioned.store.js';

const COMPLETE = 'complete';

/** The totals of departments in DynamoDB. */
export class DynamoDepartmentTotalsStore
  extends DynamoRevisionedStore<DepartmentTotals>
  implements DepartmentTotalsStore
{
  private readonly marks: CoordinationList;

  constructor(tables: DynamoTables) {
    super(tables, { list: 'department_totals', attribute: 'totals', idOf: ({ folded }) => folded });
    this.marks = new CoordinationList(tables, 'department_totals_marks');
  }

  async isComplete(): Promise<boolean> {
    return (await this.marks.get(COMPLETE)) !== undefined;
  }

  async complete(): Promise<void> {
    await this.marks.put(COMPLETE, {});
  }
}
