import type { Clock } from '../../lib/clock.js';

/** The longest that a timer of Node can wait: 24 days. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * When the admission of a peer ends. The one place that compares this time with the clock: the connection writes nothing
 * once {@link isOver}, and its end is reported once, by a timer or by {@link check}, whichever comes first.
 */
export class Expiry {
  private time = Infinity;
  private timer: NodeJS.Timeout | undefined;
  private onExpired: (() => void) | undefined;

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  /** Whether the time has come, whether or not it was reported. */
  get isOver(): boolean {
    return this.clock.now() >= this.time;
  }

  /** Sets or moves the time, in milliseconds since 1970; undefined: never. Calls `onExpired` once when it has come. */
  set(time: number | undefined, onExpired: () => void): void {
    this.cancel();
    this.time = time ?? Infinity;
    this.onExpired = onExpired;
    if (time !== undefined) this.wait();
  }

  /** Reports the end if it is due: a timer may be late, and the clock may be set. */
  check(): void {
    if (!this.isOver) return;
    const { onExpired } = this;
    this.cancel();
    onExpired?.();
  }

  /** Reports nothing any more. */
  cancel(): void {
    clearTimeout(this.timer);
    this.onExpired = undefined;
  }

  private wait(): void {
    const left = Math.max(0, this.time - this.clock.now());
    this.timer = setTimeout(
      () => {
        if (this.isOver) this.check();
        else this.wait();
      },
      Math.min(left, LONGEST_MS),
    );
    this.timer.unref();
  }
}
