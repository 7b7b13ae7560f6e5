import type { Notification } from '../../domain/notifications/notification.js';
import type { Clock } from '../../lib/clock.js';

/** An attempt that succeeded. */
export interface Delivered {
  readonly outcome: 'delivered';
}

/** An attempt that did not. */
export interface Failed {
  readonly outcome: 'failed';
  /** Whether another attempt may succeed. */
  readonly retryable: boolean;
  /** Why, in a few words of ours: no secret, no address, no text of the peer. */
  readonly reason: string;
  /** The pause that the peer asks for, in milliseconds. */
  readonly retryAfterMs?: number;
  /** The destination is gone for good: nothing more is sent there until an operator resumes the channel. */
  readonly isGone?: boolean;
}

/** The result of one attempt. */
export type Delivery = Delivered | Failed;

export const DELIVERED: Delivered = { outcome: 'delivered' };

/** Who reads the messages: programs get every event, people a summary that they can read. */
export type Audience = 'program' | 'people';

/** What every notifier gets beside the configuration of its receiver. */
export interface NotifierContext {
  readonly clock: Clock;
  /** The address of the live page, for people to read more; absent where it cannot be reached. */
  readonly link?: string;
  /** IANA name of the time zone of the times in messages. */
  readonly timezone: string;
}

/**
 * One destination: where the messages of a receiver, or of one of its recipients, go. It makes a message out of a
 * notification and sends it once; it reports whether another attempt may succeed, and why this one did not. Retrying is
 * the task of one stage, `retry-schedule.ts`. `test/contract/notifier.contract.ts` holds for every kind.
 */
export abstract class Notifier {
  readonly audience: Audience = 'people';
  /** The shortest pause between the beginnings of two messages, in milliseconds. */
  abstract readonly pauseMs: number;

  /**
   * Makes one attempt, within the time-out of the receiver. Never rejects, except with an abort when `signal` fires.
   * Neither the result nor the notifier itself shows a secret, however it is printed.
   */
  abstract deliver(notification: Notification, signal: AbortSignal): Promise<Delivery>;

  /** Closes its connections. No attempt is under way, and none follows. */
  close(): Promise<void> {
    return Promise.resolve();
  }
}
