import type { KeyUse } from '../../domain/uploads/idempotency.js';

/** The uses of idempotency keys. Throws StorageError when the store cannot answer. */
export abstract class IdempotencyStore {
  /** The use of a key, or undefined. Sees every call acknowledged before. */
  abstract get(key: string): Promise<KeyUse | undefined>;

  /**
   * Writes the use of a key on top of the one whose holder is `over`, atomically; with `over` undefined the key must be
   * free. Resolves to true once it is durable, and to false, with nothing written, when another use is stored.
   */
  abstract put(use: KeyUse, over: string | undefined): Promise<boolean>;

  /** Removes the use of a key if `holder` holds it; does nothing otherwise. */
  abstract remove(key: string, holder: string): Promise<void>;

  /**
   * Removes the uses that began before `moment` (milliseconds since 1970). Idempotent. Rejects with the reason of the
   * signal between two removals.
   */
  abstract removeBefore(moment: number, signal: AbortSignal): Promise<void>;
}
