import type { Endpoint } from '../../channels/endpoint.js';

/** A destination said that it is gone, and was forgotten. */
export class DestinationGone extends Error {}

/**
 * Everything that messages can go to at this moment: one destination for most receivers, one for each recipient of
 * others. The same destination is the same object each time.
 */
export abstract class Destinations {
  /** Throws StorageError where recipients are kept in the store. */
  abstract all(): Promise<readonly Endpoint[]>;

  /**
   * Whether the destinations of a receiver subscribe and unsubscribe: what is kept of one that is gone is removed. One
   * that is gone from the channels file may come back, and goes on where it was.
   */
  abstract comeAndGo(receiver: string): boolean;

  /** A destination has said that it is gone. Answers whether it is forgotten; otherwise it waits for people to mend it. Throws StorageError. */
  abstract gone(endpoint: Endpoint): Promise<boolean>;

  /** Lets go of every connection. */
  abstract close(): Promise<void>;
}
