/** How far a part of a table was looked at: up to `after`, from the beginning where that is absent. */
export interface PartProgress {
  readonly after?: string;
  readonly isDone: boolean;
}

/**
 * The pass over all employees that one instance makes for all of them, every so often; or the last one that was made.
 */
export interface EvaluationPass {
  /** Grows by one with every change: whoever writes must have read the one before. */
  readonly revision: number;
  /** The instance that makes it; empty: none does. */
  readonly holder: string;
  /** Passes that were completed so far. */
  readonly completed: number;
  /** What was evaluated of this pass; empty: there is none to go on with. */
  readonly parts: readonly PartProgress[];
}

/** What is there before the first pass. */
export const NO_PASS: EvaluationPass = { revision: 0, holder: '', completed: 0, parts: [] };

/** The pass in the hands of an instance: from the beginning, or gone on with where one broke off. */
export function taken(
  pass: EvaluationPass,
  holder: string,
  { parts, isFresh }: { readonly parts: number; readonly isFresh: boolean },
): EvaluationPass {
  const goesOn = !isFresh && pass.parts.length === parts;
  return { ...next(pass), holder, parts: goesOn ? pass.parts : beginningOf(parts) };
}

/** So many parts, nothing of which was looked at. */
export function beginningOf(parts: number): readonly PartProgress[] {
  return Array.from({ length: parts }, () => ({ isDone: false }));
}

/** So much of it evaluated. */
export function advanced(pass: EvaluationPass, parts: readonly PartProgress[]): EvaluationPass {
  return { ...next(pass), parts };
}

/** At its end. */
export function completed(pass: EvaluationPass): EvaluationPass {
  return { ...next(pass), holder: '', completed: pass.completed + 1, parts: [] };
}

/** Broken off: any instance may go on with it. */
export function released(pass: EvaluationPass): EvaluationPass {
  return { ...next(pass), holder: '' };
}

function next(pass: EvaluationPass): EvaluationPass {
  return { ...pass, revision: pass.revision + 1 };
}
