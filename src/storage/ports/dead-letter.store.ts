import type { DeadLetter } from '../../domain/notifications/channel-state.js';

/** The messages that could not be delivered, by receiver and key. Throws StorageError when the store cannot answer. */
export abstract class DeadLetterStore {
  /** Writes a letter durably, replacing the one with its key. */
  abstract put(letter: DeadLetter): Promise<void>;

  /** One letter, or undefined. Sees every call acknowledged before. */
  abstract get(receiver: string, key: string): Promise<DeadLetter | undefined>;

  /** The letters of a receiver whose keys are after `after`, in the order of their keys, at most `limit` (1 to 500). */
  abstract list(receiver: string, limit: number, after?: string): Promise<DeadLetter[]>;

  /** The number of letters of a receiver. */
  abstract count(receiver: string): Promise<number>;

  /** Removes a letter. Removing an absent one does nothing. */
  abstract remove(receiver: string, key: string): Promise<void>;
}
