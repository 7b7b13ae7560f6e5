import type { KeyUse } from '../../domain/uploads/idempotency.js';

/** The idempotency keys in use. Throws StorageError when the store cannot answer. */
export abstract class IdempotencyStore {
  /** The use of a key, or undefined. Sees every call acknowledged before. */
  abstract get(key: string): Promise<KeyUse | undefined>;

  /**
   * Keeps the use of a key over the one whose holder is `over`, or where there is none when that is undefined. Answers
   * false, with nothing changed, when something else is there.
   */
  abstract put(use: KeyUse, over: string | undefined): Promise<boolean>;

  /** Removes the use of a key if `holder` holds it. */
  abstract remove(key: string, holder: string): Promise<void>;

  /** Removes the uses that began before `moment` (milliseconds since 1970). Stops between two of them on the signal. */
  abstract removeBefore(moment: number, signal: AbortSignal): Promise<void>;
}
