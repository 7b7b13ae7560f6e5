import type { ChannelState } from '../../domain/notifications/channel-state.js';

/** How far each destination has come. Throws StorageError when the store cannot answer. */
export abstract class ChannelStateStore {
  /** The state of a destination, or undefined. Sees every call acknowledged before. */
  abstract get(endpoint: string): Promise<ChannelState | undefined>;

  /**
   * Keeps a state durably over the one whose revision is one less; the first has the revision 1. Answers false, with
   * nothing changed, when something else is there.
   * An answer that is lost can make it say no although it is done, if somebody else has put one since.
   */
  abstract put(state: ChannelState): Promise<boolean>;

  /** Every state, in the order of the destinations' names. */
  abstract list(): Promise<ChannelState[]>;

  /** Forgets a destination. Removing an absent one does nothing. */
  abstract remove(endpoint: string): Promise<void>;
}
