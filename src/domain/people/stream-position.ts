/** The instance that reads the change stream for all instances, and how far the changes are handled. */
export interface ChangeStreamPosition {
  /** Grows by one with every change. A write succeeds only on top of the revision that the writer has read. */
  readonly revision: number;
  /** The instance that reads; empty: none. */
  readonly holder: string;
  /** All changes up to this position are handled; absent: none yet. Its format belongs to the store of the changes. */
  readonly position?: string;
}

/** The state before the first reader. */
export const NO_READER: ChangeStreamPosition = { revision: 0, holder: '' };
