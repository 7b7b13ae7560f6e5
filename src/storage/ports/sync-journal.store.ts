/**
 * What repairs a sync that was interrupted, from the least to the most. `evaluate`: evaluate everything, where no
 * employee was written. `roll_up`: also roll up every department. `withdraw`: also clear the alerts of departments
 * without any measured employee, where measurements were removed.
 */
export const SYNC_REPAIRS = ['evaluate', 'roll_up', 'withdraw'] as const;
export type SyncRepair = (typeof SYNC_REPAIRS)[number];

/** A sync that was begun. */
export interface SyncEntry {
  readonly syncId: string;
  /** The instance that runs it. */
  readonly instance: string;
  readonly repair: SyncRepair;
}

/** The syncs that were begun and have not succeeded yet. Throws StorageError when the store cannot answer. */
export abstract class SyncJournalStore {
  /**
   * Writes the entry durably, replacing the one of an earlier attempt at the same sync; resolves to whether there was
   * one.
   */
  abstract begin(entry: SyncEntry): Promise<boolean>;

  /** Removes the entry, unless another instance has begun the same sync since. Removing an absent one does nothing. */
  abstract end(entry: SyncEntry): Promise<void>;

  /** Every entry, in no particular order. Sees every call acknowledged before. */
  abstract list(): Promise<SyncEntry[]>;
}
