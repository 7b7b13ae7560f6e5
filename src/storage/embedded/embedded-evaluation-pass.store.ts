import type { EvaluationPass } from '../../domain/alerts/evaluation-pass.js';
import { EvaluationPassStore } from '../ports/evaluation-pass.store.js';
import type { EmbeddedDatabase } from './embedded-database.js';
import { RevisionedTable } from './revisioned-table.js';

const KEY = 'employees';

/** The shared pass in the embedded store. */
export class EmbeddedEvaluationPassStore extends EvaluationPassStore {
  private readonly passes: RevisionedTable<EvaluationPass>;

  constructor(database: EmbeddedDatabase) {
    super();
    this.passes = new RevisionedTable(database, 'evaluation_passes', 'the evaluation');
  }

  get(): Promise<EvaluationPass | undefined> {
    return this.passes.get(KEY);
  }

  put(pass: EvaluationPass): Promise<boolean> {
    return this.passes.put(KEY, pass);
  }
}
