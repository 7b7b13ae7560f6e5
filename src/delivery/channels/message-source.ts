import type { ChannelState, PreparedMessage } from '../../domain/notifications/channel-state.js';

/** Where the messages of one destination come from: one of its lanes, or its dead letters. */
export interface MessageSource {
  /** The lowest id of an event that waits; Infinity where none does. */
  readonly first: number;

  /** Milliseconds until there may be a message, by the time of day `now`; 0: there may be one; Infinity: not by itself. */
  waitMs(now: number): number;

  /** The message to be delivered next, the same until it is settled; undefined when there is none after all. */
  next(now: number): Promise<PreparedMessage | undefined>;

  /** Settles a message that was delivered, or of which nothing is left to tell. `change` is kept with it, durably. */
  settle(message: PreparedMessage, change: Partial<ChannelState>): Promise<void>;

  /** Settles a message that nobody will try again: it goes to the dead letters. Durable. */
  giveUp(message: PreparedMessage, reason: string, change: Partial<ChannelState>): Promise<void>;
}
