import type { Endpoint } from './endpoint.js';

/**
 * Everything that messages can go to at this moment: one destination for most receivers, one for each recipient of
 * others. The same destination is the same object each time.
 */
export abstract class Destinations {
  /** Throws StorageError where recipients are kept in the store. */
  abstract all(): Promise<readonly Endpoint[]>;

  /** A destination has said that it is gone. Answers whether it is forgotten; otherwise it waits for people to mend it. */
  abstract gone(endpoint: Endpoint): Promise<boolean>;

  /** Lets go of every connection. */
  abstract close(): Promise<void>;
}
