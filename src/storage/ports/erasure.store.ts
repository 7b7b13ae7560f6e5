import type { Erasure } from '../../domain/privacy/erasure.js';

/** The erasures of personal data that are not complete. Throws StorageError when the store cannot answer. */
export abstract class ErasureStore {
  /** Writes an erasure durably, replacing the one with its id. */
  abstract put(erasure: Erasure): Promise<void>;

  /** Every erasure that is not complete, oldest first. Sees every call acknowledged before. */
  abstract list(): Promise<Erasure[]>;

  /** Removes an erasure, and with it the last link to the person. Removing an absent one does nothing. */
  abstract remove(id: string): Promise<void>;
}
