/** Which instance reads the change stream for all of them, and how far its changes are handled. */
export interface ChangeStreamPosition {
  /** Grows by one with every write, which succeeds only on top of the revision the writer has read. */
  readonly revision: number;
  /** The instance that reads; empty: none. */
  readonly holder: string;
  /** All changes up to this position are handled; absent: none yet. In the format of the storage. */
  readonly position?: string;
}

/** The position before any instance has read. */
export const NO_READER: ChangeStreamPosition = { revision: 0, holder: '' };
