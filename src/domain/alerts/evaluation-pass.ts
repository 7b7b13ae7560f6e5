/** The progress of a pass in one part of a table: evaluated up to the key `after`; absent: nothing yet. */
export interface PartProgress {
  readonly after?: string;
  readonly isDone: boolean;
}

/**
 * The full evaluation of all employees, which one instance runs for all instances at intervals; or the last one.
 */
export interface EvaluationPass {
  /** Grows by one with every change. A write succeeds only on top of the revision that the writer has read. */
  readonly revision: number;
  /** The instance that runs the pass; empty: none. */
  readonly holder: string;
  /** The number of completed passes. */
  readonly completed: number;
  /** The progress of this pass by part; empty: there is no pass to continue. */
  readonly parts: readonly PartProgress[];
}

/** The state before the first pass. */
export const NO_PASS: EvaluationPass = { revision: 0, holder: '', completed: 0, parts: [] };

/** The pass with a new holder: from the beginning, or continued after an interruption. */
export function taken(
  pass: EvaluationPass,
  holder: string,
  { parts, isFresh }: { readonly parts: number; readonly isFresh: boolean },
): EvaluationPass {
  const isContinued = !isFresh && pass.parts.length === parts;
  return { ...next(pass), holder, parts: isContinued ? pass.parts : beginningOf(parts) };
}

/** The progress of a new pass with this number of parts. */
export function beginningOf(parts: number): readonly PartProgress[] {
  return Array.from({ length: parts }, () => ({ isDone: false }));
}

/** The pass with more progress. */
export function advanced(pass: EvaluationPass, parts: readonly PartProgress[]): EvaluationPass {
  return { ...next(pass), parts };
}

/** The pass at its end. */
export function completed(pass: EvaluationPass): EvaluationPass {
  return { ...next(pass), holder: '', completed: pass.completed + 1, parts: [] };
}

/** The pass without a holder: any instance may continue it. */
export function released(pass: EvaluationPass): EvaluationPass {
  return { ...next(pass), holder: '' };
}

function next(pass: EvaluationPass): EvaluationPass {
  return { ...pass, revision: pass.revision + 1 };
}
