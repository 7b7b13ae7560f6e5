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

/** Where the next pass begins: at the progress of an interrupted one, or, for `isFresh`, at the beginning. */
export function nextParts(
  pass: EvaluationPass,
  { parts, isFresh }: { readonly parts: number; readonly isFresh: boolean },
): readonly PartProgress[] {
  const canResume = !isFresh && pass.parts.length === parts;
  return canResume ? pass.parts : beginningOf(parts);
}

/** The progress of a new pass with this number of parts. */
export function beginningOf(parts: number): readonly PartProgress[] {
  return Array.from({ length: parts }, () => ({ isDone: false }));
}
