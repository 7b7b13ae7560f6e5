import type { EvaluationPass } from '../../domain/evaluation-pass.js';
import { EvaluationPassStore } from '../evaluation-pass.store.js';
import { CoordinationList } from './coordination-list.js';
import type { DynamoTables } from './dynamo-tables.js';

const ID = 'employees';

/** The shared pass in DynamoDB. */
export class DynamoEvaluationPassStore extends EvaluationPassStore {
  private readonly items: CoordinationList;

  constructor(tables: DynamoTables) {
    super();
    this.items = new CoordinationList(tables, 'evaluation_passes');
  }

  async get(): Promise<EvaluationPass | undefined> {
    const item = await this.items.get(ID);
    return item && (JSON.parse(String(item.pass)) as EvaluationPass);
  }

  put(pass: EvaluationPass): Promise<boolean> {
    const { revision } = pass;
    const attributes = { revision, pass: JSON.stringify(pass) };
    return this.items.putIf(ID, attributes, 'revision', revision === 1 ? undefined : revision - 1);
  }
}
