import type { ChangeStreamPosition } from '../../domain/people/stream-position.js';

/** Who reads the changes of the tables, and how far. Throws StorageError when the store cannot answer. */
export abstract class StreamPositionStore {
  /** As it was kept last, or undefined. Sees every call acknowledged before. */
  abstract get(): Promise<ChangeStreamPosition | undefined>;

  /**
   * Keeps it durably over the one whose revision is one less; the first has the revision 1. Answers false, with nothing
   * changed, when something else is there.
   * An answer that is lost can make it say no although it is done, if somebody else has put one since.
   */
  abstract put(reading: ChangeStreamPosition): Promise<boolean>;
}
