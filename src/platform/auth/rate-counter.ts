import { RateLimiterMemory } from 'rate-limiter-flexible';

/** The window of rate-limiter-flexible: one minute. It counts without a limit, because the caller compares. */
export const MINUTE = { points: Number.MAX_SAFE_INTEGER, duration: 60 };

/** The count of the current minute. */
export interface MinuteCount {
  readonly count: number;
  /** Milliseconds until the next minute begins. */
  readonly msLeft: number;
}

/** Counts the actions of callers by minute. The minute of a caller begins with the first action. */
export abstract class RateCounter {
  /** Counts one more `thing` of `who`. Never rejects, and resolves within a fraction of a second. */
  abstract add(thing: string, who: string): Promise<MinuteCount>;
}

/** Counts in the memory of this process. */
export class LocalRateCounter extends RateCounter {
  private readonly counter = new RateLimiterMemory(MINUTE);

  async add(thing: string, who: string): Promise<MinuteCount> {
    const { consumedPoints, msBeforeNext } = await this.counter.consume(`${thing}:${who}`);
    return { count: consumedPoints, msLeft: msBeforeNext };
  }
}
