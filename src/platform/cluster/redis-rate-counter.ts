import { RateLimiterRedis, type RateLimiterRes } from 'rate-limiter-flexible';
import { MINUTE, RateCounter, type LocalRateCounter, type MinuteCount } from '../auth/rate-counter.js';
import type { RedisConnection } from './redis-connection.js';
import { createHash } from 'node:crypto';

/** Counts for all instances together; while Redis is away each counts what it sees itself. */
export class RedisRateCounter extends RateCounter {
  private counter: RateLimiterRedis | undefined;

  constructor(
    private readonly redis: RedisConnection,
    private readonly prefix: string,
    private readonly local: LocalRateCounter,
  ) {
    super();
  }

  async add(thing: string, who: string): Promise<MinuteCount> {
    const counted = await this.redis.attempt('limits', (storeClient): Promise<RateLimiterRes> => {
      this.counter ??= new RateLimiterRedis({ storeClient, keyPrefix: `${this.prefix}count`, ...MINUTE });
      return this.counter.consume(`${thing}:${nameOf(who)}`);
    });
    if (!counted) return this.local.add(thing, who);
    return { count: counted.consumedPoints, msLeft: counted.msBeforeNext };
  }
}

/** A short name for a subject or a network: whoever looks into Redis learns nothing about people. */
export function nameOf(who: string): string {
  return createHash('sha256').update(who).digest('base64url').slice(0, 22);
}
