import type { Clock } from '../lib/clock.js';

/** The longest that a timer of Node can wait: 24 days. */
const LONGEST_MS = 2 ** 31 - 1;

/** Calls back once at a time that can be moved. */
export class Expiry {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly clock: Pick<Clock, 'now'>,
    private readonly onExpired: () => void,
  ) {}

  /** `time`: milliseconds since 1970; undefined: never. */
  set(time: number | undefined): void {
    clearTimeout(this.timer);
    if (time === undefined) return;
    const left = Math.max(0, time - this.clock.now());
    this.timer = setTimeout(
      () => {
        if (this.clock.now() < time) this.set(time);
        else this.onExpired();
      },
      Math.min(left, LONGEST_MS),
    );
    this.timer.unref();
  }

  cancel(): void {
    clearTimeout(this.timer);
  }
}
