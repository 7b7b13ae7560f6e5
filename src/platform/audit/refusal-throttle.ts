/** Refusals of one address, within a minute, that have lines of their own. */
const LINES = 10;
const MINUTE_MS = 60_000;
/** Addresses told apart at once. */
const MAX_ADDRESSES = 1_000;

/** All addresses that came when too many were told apart already. */
export const OTHER_ADDRESSES = 'others';

/** Refusals without lines of their own: how many, and whose. */
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
 * Bounds how many lines refusals make, so that nobody fills the log by being refused: the first ones of an address in a
 * minute have a line each, the rest of the minute one together. Times are milliseconds that never go back.
 */
export class RefusalThrottle {
  /** In the order in which they end. */
  private readonly minutes = new Map<string, Minute>();

  /** Counts a refusal; answers whether it has a line of its own. What ended before must have been taken out. */
  take(address: string, now: number): boolean {
    const minute = this.minuteOf(address, now);
    if (minute.lines > 0) {
      minute.lines -= 1;
      return true;
    }
    minute.unlisted += 1;
    return false;
  }

  /** Takes out what has ended. */
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
