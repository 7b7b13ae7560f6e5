import type { EvaluationPass } from '../../domain/alerts/evaluation-pass.js';
import { RevisionedRecord } from './revisioned.store.js';

/** The evaluation of all employees that the instances share: who makes it, and its progress. */
export abstract class EvaluationPassStore extends RevisionedRecord<EvaluationPass> {}
