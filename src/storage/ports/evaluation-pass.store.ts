import type { EvaluationPass } from '../../domain/alerts/evaluation-pass.js';

/** The pass over all employees that the instances share. Throws StorageError when the store cannot answer. */
export abstract class EvaluationPassStore {
  /** The pass as it was kept last, or undefined. Sees every call acknowledged before. */
  abstract get(): Promise<EvaluationPass | undefined>;

  /**
   * Keeps it durably over the one whose revision is one less; the first has the revision 1. Answers false, with nothing
   * changed, when something else is there.
   * An answer that is lost can make it say no although it is done, if somebody else has put one since.
   */
  abstract put(pass: EvaluationPass): Promise<boolean>;
}
