import type { DepartmentTotals } from '../../domain/people/department-totals.js';
import { RevisionedStore } from './revisioned.store.js';

/** The totals of departments, by folded name. */
export abstract class DepartmentTotalsStore extends RevisionedStore<DepartmentTotals> {
  /**
   * Whether every department that has employees has totals: true from the first {@link complete} on. Strongly
   * consistent.
   */
  abstract isComplete(): Promise<boolean>;

  /** Marks the totals as complete, durably and for good. Idempotent. Throws StorageError. */
  abstract complete(): Promise<void>;
}
