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

/** The position with a new reader, which continues where the previous one stopped. */
export function takenOver(stream: ChangeStreamPosition, holder: string): ChangeStreamPosition {
  return { ...next(stream), holder };
}

/** The position after all changes up to `position` are handled. */
export function handledUpTo(stream: ChangeStreamPosition, position: string): ChangeStreamPosition {
  return { ...next(stream), position };
}

/** The position without a reader: any instance may continue. */
export function released(stream: ChangeStreamPosition): ChangeStreamPosition {
  return { ...next(stream), holder: '' };
}

function next(stream: ChangeStreamPosition): ChangeStreamPosition {
  return { ...stream, revision: stream.revision + 1 };
}
