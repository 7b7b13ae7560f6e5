import type { DepartmentTotals } from '../../domain/people/department-totals.js';

/** The sums of departments. Throws StorageError when the store cannot answer. */
export abstract class DepartmentTotalsStore {
  /** The totals that exist among these folded names, by name. Sees every call acknowledged before. */
  abstract get(folded: readonly string[]): Promise<Map<string, DepartmentTotals>>;

  /**
   * Keeps totals durably over those whose revision is one less; the first have the revision 1. Answers false, with
   * nothing changed, when something else is there.
   * An answer that is lost can make it say no although it is done, if somebody else has put one since.
   */
  abstract put(totals: DepartmentTotals): Promise<boolean>;

  /** All totals, in no particular order. Sees every call acknowledged before. */
  abstract list(): Promise<DepartmentTotals[]>;

  /** Whether every department that has employees has totals: since {@link complete} was called. */
  abstract isComplete(): Promise<boolean>;

  /** Says so, for good. */
  abstract complete(): Promise<void>;
}
