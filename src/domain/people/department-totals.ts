import { RollUp, type DepartmentSums } from './roll-up.js';

/**
 * The sums of one department as they are kept, so that a change of one employee costs no look at the others. Who changes
 * employees opens a count before, and adds what has changed afterwards: a count that stays open, because its process is
 * gone, tells that the sums may be wrong.
 */
export interface DepartmentTotals {
  /** The department's name without letter case. */
  readonly folded: string;
  /** As it was written first. */
  readonly name: string;
  /** Grows by one with every change: whoever writes must have read the one before. */
  readonly revision: number;
  readonly sums: DepartmentSums;
  /** The counts under way: which instance has opened each. */
  readonly open: Readonly<Record<string, string>>;
  /** Whether the sums are to be computed anew. */
  readonly isDirty: boolean;
}

/** The totals of a department of which nothing was counted. `isDirty` where it may have employees. */
export function newTotals(folded: string, name: string, isDirty: boolean): DepartmentTotals {
  return { folded, name, revision: 0, sums: new RollUp().sums, open: {}, isDirty };
}

/** With a count under way. */
export function opened(totals: DepartmentTotals, count: string, instance: string): DepartmentTotals {
  return { ...next(totals), open: { ...totals.open, [count]: instance } };
}

/**
 * With a count closed and what it came to added; `spoiled` where that is not known. A count that is not open was closed
 * by an attempt whose answer was lost, or its process was taken for gone: nobody knows, so the sums are to be computed.
 */
export function closed(
  totals: DepartmentTotals,
  count: string,
  change: RollUp | 'spoiled',
): DepartmentTotals {
  const { [count]: holder, ...open } = totals.open;
  if (change === 'spoiled' || holder === undefined) return { ...next(totals), open, isDirty: true };
  const rollUp = RollUp.of(totals.sums);
  rollUp.merge(change);
  const { sums } = rollUp;
  // Others may have counted an employee away that is yet to be added.
  const isSettled = Object.keys(open).length === 0;
  return { ...next(totals), sums, open, isDirty: totals.isDirty || (isSettled && !isPossible(sums)) };
}

/** With sums that were computed while nobody counted. */
export function recomputed(totals: DepartmentTotals, sums: DepartmentSums): DepartmentTotals {
  return { ...next(totals), sums, open: {}, isDirty: false };
}

/** With sums that are to be computed anew. */
export function doubted(totals: DepartmentTotals): DepartmentTotals {
  return { ...next(totals), isDirty: true };
}

function next(totals: DepartmentTotals): DepartmentTotals {
  return { ...totals, revision: totals.revision + 1 };
}

/** Not where somebody else has edited employees, so that less than nothing is left of a score. */
export function isPossible({ employees, respondents, dimensions, rates }: DepartmentSums): boolean {
  const scores = [...Object.values(dimensions), ...Object.values(rates)];
  const areWithin = scores.every(({ count }) => count > 0 && count <= respondents);
  return respondents >= 0 && respondents <= employees && areWithin;
}
