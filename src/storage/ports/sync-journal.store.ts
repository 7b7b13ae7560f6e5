/**
 * What must be done when a sync broke off, from the least: only `evaluate`, where no employee was written; `roll_up`
 * every department and evaluate everything; or `withdraw` as well what fires for departments of which nobody is measured
 * any more, where measurements were removed.
 */
export const SYNC_REPAIRS = ['evaluate', 'roll_up', 'withdraw'] as const;
export type SyncRepair = (typeof SYNC_REPAIRS)[number];

/** A sync that has begun. */
export interface SyncEntry {
  readonly syncId: string;
  /** The instance that runs it. */
  readonly instance: string;
  readonly repair: SyncRepair;
}

/** The syncs that have begun and have not succeeded yet. Throws StorageError when the store cannot answer. */
export abstract class SyncJournalStore {
  /**
   * Keeps the entry durably, replacing the one of an earlier attempt at the same sync; true when there was one.
   */
  abstract begin(entry: SyncEntry): Promise<boolean>;

  /** Removes the entry, unless another instance has begun the same sync since. Removing an absent one does nothing. */
  abstract end(entry: SyncEntry): Promise<void>;

  /** Every entry, in no particular order. Sees every call acknowledged before. */
  abstract list(): Promise<SyncEntry[]>;
}
