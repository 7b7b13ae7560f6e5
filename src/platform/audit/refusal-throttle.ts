/** The number of refusals of one address in a minute that get lines of their own. */
const LINES = 10;
const MINUTE_MS = 60_000;
/** The maximum number of addresses that are counted apart. */
const MAX_ADDRESSES = 1_000;

/** Stands for all addresses beyond that maximum. */
export const OTHER_ADDRESSES = 'others';

/** The number of refusals of an address without lines of their own. */
export interface Unlisted {
  readonly address: string;
  readonly count: number;
}

interface Minute {
  readonly endsAt: number;
  lines: number;
  unlisted: number;
}

/**
 * Bounds the lines that refusals cause, so that refused clients cannot fill the log. The first ten refusals of an address
 * in a minute get a line each; the others get one line together. Times are milliseconds of a monotonic clock.
 */
export class RefusalThrottle {
  /** In the order of `endsAt`. */
  private readonly minutes = new Map<string, Minute>();

  /** Counts a refusal. Returns whether it gets a line of its own. Call {@link ended} with the same time before. */
  take(address: string, now: number): boolean {
    const minute = this.minuteOf(address, now);
    if (minute.lines > 0) {
      minute.lines -= 1;
      return true;
    }
    minute.unlisted += 1;
    return false;
  }

  /** Removes the ended minutes and returns their refusals without lines. */
  ended(now: number): Unlisted[] {
    const unlisted: Unlisted[] = [];
    for (const [address, { endsAt, unlisted: count }] of this.minutes) {
      if (endsAt > now) break;
      this.minutes.delete(address);
      if (count > 0) unlisted.push({ address, count });
    }
    return unlisted;
  }

  private minuteOf(address: string, now: number): Minute {
    const found = this.minutes.get(address);
    if (found) return found;
    if (address !== OTHER_ADDRESSES && this.minutes.size >= MAX_ADDRESSES)
      return this.minuteOf(OTHER_ADDRESSES, now);
    const minute = { endsAt: now + MINUTE_MS, lines: address === OTHER_ADDRESSES ? 0 : LINES, unlisted: 0 };
    this.minutes.set(address, minute);
    return minute;
  }
}
