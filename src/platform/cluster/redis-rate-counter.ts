import { RateLimiterRedis, type RateLimiterRes } from 'rate-limiter-flexible';
import { MINUTE, RateCounter, type LocalRateCounter, type MinuteCount } from '../auth/rate-counter.js';
import type { RedisConnection } from './redis-connection.js';
import { createHash } from 'node:crypto';

/** Counts over all instances. Without Redis each instance counts its own. */
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

/** A short digest of a subject or a network, so that keys in Redis hold no personal data. */
export function nameOf(who: string): string {
  return createHash('sha256').update(who).digest('base64url').slice(0, 22);
}
