import type { EvaluationPass } from '../../domain/evaluation-pass.js';
import { EvaluationPassStore } from '../evaluation-pass.store.js';
import type { EmbeddedDatabase } from './embedded-database.js';
import type { Table } from './embedded-table.js';

const KEY = 'employees';

/** The shared pass in the embedded store. */
export class EmbeddedEvaluationPassStore extends EvaluationPassStore {
  private readonly passes: Table<EvaluationPass>;

  constructor(private readonly database: EmbeddedDatabase) {
    super();
    this.passes = database.table('evaluation_passes');
  }

  get(): Promise<EvaluationPass | undefined> {
    return this.database.read('read the evaluation', () => this.passes.get(KEY));
  }

  put(pass: EvaluationPass): Promise<boolean> {
    return this.database.transaction('keep the evaluation', () => {
      if ((this.passes.get(KEY)?.revision ?? 0) !== pass.revision - 1) return false;
      this.passes.put(KEY, pass);
      return true;
    });
  }
}
