import type { Clock } from '../../lib/clock.js';
import { backoffMs } from '../../lib/backoff.js';
import type { MessageSource } from './message-sources.js';
import type { Failed } from './notifier.js';

/** The failed attempts at the message of one source, and when the next is due by the monotonic clock. */
interface Attempts {
  readonly failures: number;
  readonly notBefore: number;
}

/** What follows a failed attempt: another one, a dead letter, or a stop until an operator resumes the channel. */
export type Verdict = 'retry' | 'dead-letter' | 'stop';

/** Decides what follows an attempt that failed. `ageMs`: for how long the message has failed; `giveUpMs`: the limit. */
export function verdictOn({ retryable, isGone }: Failed, ageMs: number, giveUpMs: number): Verdict {
  if (isGone === true) return 'stop';
  return retryable && ageMs < giveUpMs ? 'retry' : 'dead-letter';
}

/** The stage that retries: when the messages of one destination may be sent. */
export class RetrySchedule {
  private readonly attempts = new Map<MessageSource, Attempts>();
  /** Nothing is sent before: the pause between messages, and the one that the peer asked for. */
  private quietUntil = -Infinity;

  /** `random`: from 0 to 1. */
  constructor(
    private readonly clock: Clock,
    private readonly random: () => number,
  ) {}

  /** Milliseconds until the source may send, 0 or less: now; Infinity: it has nothing to send. */
  waitFor(source: MessageSource): number {
    const wait = source.waitMs(this.clock.now());
    if (wait === Infinity) return Infinity;
    const notBefore = Math.max(this.quietUntil, this.attempts.get(source)?.notBefore ?? -Infinity);
    return Math.max(wait, notBefore - this.clock.monotonic());
  }

  /** Sends nothing for so long, from any source. */
  pause(ms: number): void {
    this.quietUntil = this.clock.monotonic() + ms;
  }

  /** Schedules another attempt at the message of a source: later each time, and never before the peer wants it. */
  retry(source: MessageSource, maxMs: number, retryAfterMs: number): void {
    const failures = (this.attempts.get(source)?.failures ?? 0) + 1;
    const wait = backoffMs(failures, maxMs, this.random(), retryAfterMs);
    this.attempts.set(source, { failures, notBefore: this.clock.monotonic() + wait });
    if (retryAfterMs > 0) this.pause(retryAfterMs);
  }

  /** The message of a source is settled: its next message begins with no failures. */
  settled(source: MessageSource): void {
    this.attempts.delete(source);
  }
}
