/** How far a part of a table was evaluated: up to `after`; from the beginning where that is absent. */
export interface PartProgress {
  readonly after?: string;
  readonly isDone: boolean;
}

/** The pass over all employees that one instance at a time runs for all of them; or the last one that was completed. */
export interface EvaluationPass {
  /** Grows by one with every write, which succeeds only on top of the revision the writer has read. */
  readonly revision: number;
  /** The instance that runs the pass; empty: none does. */
  readonly holder: string;
  /** The number of passes completed so far. */
  readonly completed: number;
  /** The progress of this pass; empty: there is no pass to resume. */
  readonly parts: readonly PartProgress[];
}

/** The state before the first pass. */
export const NO_PASS: EvaluationPass = { revision: 0, holder: '', completed: 0, parts: [] };

/** Where the next pass begins: at the progress of one that broke off, or, for `isFresh`, from the beginning. */
export function nextParts(
  pass: EvaluationPass,
  { parts, isFresh }: { readonly parts: number; readonly isFresh: boolean },
): readonly PartProgress[] {
  const canResume = !isFresh && pass.parts.length === parts;
  return canResume ? pass.parts : beginningOf(parts);
}

/** This many parts, none of them evaluated. */
export function beginningOf(parts: number): readonly PartProgress[] {
  return Array.from({ length: parts }, () => ({ isDone: false }));
}
