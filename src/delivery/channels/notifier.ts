import type { Notification } from '../../domain/notifications/notification.js';

/** An attempt that succeeded. */
export interface Delivered {
  readonly outcome: 'delivered';
}

/** An attempt that did not. */
export interface Failed {
  readonly outcome: 'failed';
  /** Whether another attempt may succeed. */
  readonly retryable: boolean;
  /** What happened, in a few words of ours: no secret, no address, nothing that the peer wrote. */
  readonly reason: string;
  /** The peer asked to be left alone for this long: milliseconds. */
  readonly retryAfterMs?: number;
  /** The destination is gone for good: nothing more is sent there until somebody resumes the channel. */
  readonly isGone?: boolean;
}

/** What became of one attempt. */
export type Delivery = Delivered | Failed;

export const DELIVERED: Delivered = { outcome: 'delivered' };

/** One destination: where the messages of a receiver, or of one of its recipients, go. */
export abstract class Notifier {
  /** The shortest pause between the beginnings of two messages, in milliseconds. */
  abstract readonly pauseMs: number;

  /**
   * Makes one attempt, within the receiver's time-out; retrying is not its task. Never rejects, but for an abort when
   * `signal` fires.
   */
  abstract deliver(notification: Notification, signal: AbortSignal): Promise<Delivery>;

  /** Lets go of connections. No attempt is under way or follows. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}
