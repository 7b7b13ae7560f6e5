import type { EvaluationPass } from '../../domain/alerts/evaluation-pass.js';
import { EvaluationPassStore } from '../ports/evaluation-pass.store.js';
import type { DynamoTables } from './dynamo-tables.js';
import { RevisionedList } from './revisioned-list.js';

const ID = 'employees';

/** The shared pass in DynamoDB. */
export class DynamoEvaluationPassStore extends EvaluationPassStore {
  private readonly passes: RevisionedList<EvaluationPass>;

  constructor(tables: DynamoTables) {
    super();
    this.passes = new RevisionedList(tables, 'evaluation_passes', 'pass');
  }

  get(): Promise<EvaluationPass | undefined> {
    return this.passes.get(ID);
  }

  put(pass: EvaluationPass): Promise<boolean> {
    return this.passes.put(ID, pass);
  }
}
