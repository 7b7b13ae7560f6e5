import { RateLimiterMemory } from 'rate-limiter-flexible';

/** How rate-limiter-flexible counts a minute: without a limit, which is for who asks. */
export const MINUTE = { points: Number.MAX_SAFE_INTEGER, duration: 60 };

/** What somebody did in the minute that is under way. */
export interface MinuteCount {
  readonly count: number;
  /** Until the next minute begins: milliseconds. */
  readonly msLeft: number;
}

/** Counts what callers do, a minute at a time, each beginning with the first that they do. */
export abstract class RateCounter {
  /** Counts one more `thing` of `who`. Always answers, and soon. */
  abstract add(thing: string, who: string): Promise<MinuteCount>;
}

/** Counts in this process alone. */
export class LocalRateCounter extends RateCounter {
  private readonly counter = new RateLimiterMemory(MINUTE);

  async add(thing: string, who: string): Promise<MinuteCount> {
    const { consumedPoints, msBeforeNext } = await this.counter.consume(`${thing}:${who}`);
    return { count: consumedPoints, msLeft: msBeforeNext };
  }
}
