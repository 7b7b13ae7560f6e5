import type { Erasure } from '../../domain/privacy/erasure.js';

/** The removals of persons' data that are not over. Throws StorageError when the store cannot answer. */
export abstract class ErasureStore {
  /** Keeps an erasure durably, replacing the one with its id. */
  abstract put(erasure: Erasure): Promise<void>;

  /** Every erasure that is not over, oldest first. Sees every call acknowledged before. */
  abstract list(): Promise<Erasure[]>;

  /** Forgets an erasure, and with it whose it was. Removing an absent one does nothing. */
  abstract remove(id: string): Promise<void>;
}
