import { RollUp, type DepartmentSums } from './roll-up.js';

/**
 * The materialized totals of one department: a change of one employee updates them without reading the others. A writer of
 * employees opens pending deltas before the change and closes them with the change afterwards. Pending deltas whose process
 * is gone stay open, which shows that the sums can be wrong.
 */
export interface DepartmentTotals {
  /** The folded name of the department: {@link foldDepartmentName}. */
  readonly folded: string;
  /** The name in its first spelling. */
  readonly name: string;
  /** Grows by one with every change. A write succeeds only on top of the revision that the writer has read. */
  readonly revision: number;
  readonly sums: DepartmentSums;
  /** The open pending deltas: the instance that opened each, by their id. */
  readonly open: Readonly<Record<string, string>>;
  /** Whether the sums must be recomputed. */
  readonly isDirty: boolean;
}

/** The totals of a department before the first change. `isDirty` if it can have employees already. */
export function newTotals(folded: string, name: string, isDirty: boolean): DepartmentTotals {
  return { folded, name, revision: 0, sums: new RollUp().sums, open: {}, isDirty };
}

/** The totals with pending deltas opened by an instance. */
export function opened(totals: DepartmentTotals, count: string, instance: string): DepartmentTotals {
  return { ...next(totals), open: { ...totals.open, [count]: instance } };
}

/**
 * The totals with pending deltas closed and their change added; `tainted` if the change is unknown. Deltas that are not open
 * were closed by an attempt whose response was lost, or their process was considered gone. Both cases leave the sums
 * unknown, so they must be recomputed.
 */
export function closed(
  totals: DepartmentTotals,
  count: string,
  change: RollUp | 'tainted',
): DepartmentTotals {
  const { [count]: holder, ...open } = totals.open;
  if (change === 'tainted' || holder === undefined) return { ...next(totals), open, isDirty: true };
  const rollUp = RollUp.of(totals.sums);
  rollUp.merge(change);
  const { sums } = rollUp;
  // While other deltas are open, an employee can be subtracted before it is added.
  const isSettled = Object.keys(open).length === 0;
  return { ...next(totals), sums, open, isDirty: totals.isDirty || (isSettled && !isPossible(sums)) };
}

/** The totals with sums that were computed while no deltas were open. */
export function recomputed(totals: DepartmentTotals, sums: DepartmentSums): DepartmentTotals {
  return { ...next(totals), sums, open: {}, isDirty: false };
}

/** The totals with sums that must be recomputed. */
export function invalidated(totals: DepartmentTotals): DepartmentTotals {
  return { ...next(totals), isDirty: true };
}

function next(totals: DepartmentTotals): DepartmentTotals {
  return { ...totals, revision: totals.revision + 1 };
}

/** Whether sums can be those of employees. Another tool that edits employees can leave negative counts. */
export function isPossible({ employees, respondents, dimensions, rates }: DepartmentSums): boolean {
  const scores = [...Object.values(dimensions), ...Object.values(rates)];
  const areWithin = scores.every(({ count }) => count > 0 && count <= respondents);
  return respondents >= 0 && respondents <= employees && areWithin;
}
