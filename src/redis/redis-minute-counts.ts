import { RateLimiterRedis, type RateLimiterRes } from 'rate-limiter-flexible';
import type { LocalMinuteCounts, MinuteCount } from '../auth/minute-counts.js';
import { MinuteCounts } from '../auth/minute-counts.js';
import { nameOf } from './key-names.js';
import { RedisAway, type RedisConnection } from './redis-connection.js';

const MINUTE_S = 60;

/** Counts for all instances together; while Redis is away each counts what it sees itself. */
export class RedisMinuteCounts extends MinuteCounts {
  private counter: RateLimiterRedis | undefined;

  constructor(
    private readonly redis: RedisConnection,
    private readonly prefix: string,
    private readonly local: LocalMinuteCounts,
  ) {
    super();
  }

  async add(thing: string, who: string): Promise<MinuteCount> {
    try {
      const { consumedPoints, msBeforeNext } = await this.redis.run(
        'limits',
        (storeClient): Promise<RateLimiterRes> => {
          this.counter ??= new RateLimiterRedis({
            storeClient,
            keyPrefix: `${this.prefix}count`,
            points: Number.MAX_SAFE_INTEGER,
            duration: MINUTE_S,
          });
          return this.counter.consume(`${thing}:${nameOf(who)}`);
        },
      );
      return { count: consumedPoints, msLeft: msBeforeNext };
    } catch (error) {
      if (error instanceof RedisAway) return this.local.add(thing, who);
      throw error;
    }
  }
}
