/** A record under optimistic locking. */
export interface Revisioned {
  /** Grows by one with every write; the first stored record has the revision 1. */
  readonly revision: number;
}

/**
 * Records with optimistic locking, each by its id. Reads are strongly consistent: they see every write acknowledged
 * before, by whichever process. Every method throws StorageError when the store cannot answer; none returns "absent" or
 * "not written" for "failed".
 */
export abstract class RevisionedStore<T extends Revisioned> {
  /** The record with this id, or undefined. */
  abstract get(id: string): Promise<T | undefined>;

  /** The records that exist among distinct ids (any number), by id. */
  abstract getMany(ids: readonly string[]): Promise<Map<string, T>>;

  /**
   * Writes a record on top of the stored one whose revision is one less, atomically; a record with the revision 1 needs
   * an id that is free. Resolves to true once it is durable, and to false, with nothing written, when another record is
   * stored: read it and decide again.
   *
   * Where the store is reached over a network, the acknowledgement of a write may be lost. Such a write resolves to
   * false if another one followed it meanwhile. So a decision must be safe to repeat on top of a record that has it
   * already.
   */
  abstract put(record: T): Promise<boolean>;

  /** Every record, in the order of their ids. Records written or removed meanwhile may or may not appear. */
  abstract list(): Promise<T[]>;

  /**
   * Removes a record, whatever its revision; the next one with its id begins at 1. Removing an absent one does nothing.
   */
  abstract remove(id: string): Promise<void>;
}

/** One record with optimistic locking: {@link RevisionedStore} of which only a single id is used. */
export abstract class RevisionedRecord<T extends Revisioned> {
  /** The record as it was written last, or undefined before the first write. */
  abstract get(): Promise<T | undefined>;

  /** As {@link RevisionedStore.put}. */
  abstract put(record: T): Promise<boolean>;
}
