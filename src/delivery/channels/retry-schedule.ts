import type { Clock } from '../../lib/clock.js';
import { backoffMs } from '../../lib/backoff.js';
import type { MessageSource } from './message-source.js';

/** The attempts at the message of one source that failed, and when the next is due by the monotonic clock. */
interface Attempts {
  readonly failures: number;
  readonly notBefore: number;
}

/** When the messages of one destination may be sent. */
export class RetrySchedule {
  private readonly attempts = new Map<MessageSource, Attempts>();
  /** Nothing is sent before: the pause between messages, and what the peer asked for. */
  private quietUntil = -Infinity;

  /** `random`: from 0 to 1. */
  constructor(
    private readonly clock: Clock,
    private readonly random: () => number,
  ) {}

  /** Milliseconds until the source may send, at most 0: now; Infinity: it has nothing to send. */
  waitFor(source: MessageSource): number {
    const wait = source.waitMs(this.clock.now());
    if (wait === Infinity) return Infinity;
    const notBefore = Math.max(this.quietUntil, this.attempts.get(source)?.notBefore ?? -Infinity);
    return Math.max(wait, notBefore - this.clock.monotonic());
  }

  /** Nothing is sent for so long, from any source. */
  pause(ms: number): void {
    this.quietUntil = this.clock.monotonic() + ms;
  }

  /** The message of a source failed and is to be tried again: waits longer each time, and as long as the peer asks. */
  retry(source: MessageSource, maxMs: number, retryAfterMs: number): void {
    const failures = (this.attempts.get(source)?.failures ?? 0) + 1;
    const wait = backoffMs(failures, maxMs, this.random(), retryAfterMs);
    this.attempts.set(source, { failures, notBefore: this.clock.monotonic() + wait });
    if (retryAfterMs > 0) this.pause(retryAfterMs);
  }

  /** The message of a source is settled: the next one is a new one. */
  settled(source: MessageSource): void {
    this.attempts.delete(source);
  }
}
