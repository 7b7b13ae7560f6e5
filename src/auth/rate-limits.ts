import { Injectable } from '@nestjs/common';
import { RateLimiterMemory, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import { Config } from '../config/config.js';
import type { CallerLimits } from '../config/security-config.js';
import { Problem } from '../http/problem.js';

const MINUTE_S = 60;

/** What is counted. */
const COUNTED = ['requests', 'uploads', 'messages'] as const;
export type Counted = (typeof COUNTED)[number];

const LIMIT_OF: Readonly<Record<Counted, keyof CallerLimits>> = {
  requests: 'requestsPerMinute',
  uploads: 'uploadsPerMinute',
  messages: 'messagesPerMinute',
};

/** What is left of a minute's allowance. */
export interface Allowance {
  readonly counted: Counted;
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until more is allowed. */
  readonly reset: number;
  readonly isExceeded: boolean;
}

/** Counts what each caller does, a minute at a time. */
@Injectable()
export class RateLimits {
  private readonly limiters = new Map<Counted, RateLimiterAbstract>();

  constructor({ security: { limits } }: Config) {
    for (const counted of COUNTED) {
      const points = limits[LIMIT_OF[counted]];
      if (points > 0) this.limiters.set(counted, new RateLimiterMemory({ points, duration: MINUTE_S }));
    }
  }

  /** Whether there is a limit at all. */
  has(counted: Counted): boolean {
    return this.limiters.has(counted);
  }

  /** Counts one for `who`, a subject or a network; undefined where there is no limit. */
  async take(counted: Counted, who: string): Promise<Allowance | undefined> {
    const limiter = this.limiters.get(counted);
    if (!limiter) return undefined;
    const [result, isExceeded] = await consume(limiter, who);
    return {
      counted,
      limit: limiter.points,
      remaining: result.remainingPoints,
      reset: Math.max(1, Math.ceil(result.msBeforeNext / 1_000)),
      isExceeded,
    };
  }
}

/** The library rejects with the same kind of result when there is none left. */
async function consume(limiter: RateLimiterAbstract, who: string): Promise<[RateLimiterRes, boolean]> {
  try {
    return [await limiter.consume(who), false];
  } catch (error) {
    if (error instanceof RateLimiterRes) return [error, true];
    throw error;
  }
}

/** The headers that tell a caller its allowance (draft-ietf-httpapi-ratelimit-headers-10). */
export function rateLimitHeaders({ counted, limit, remaining, reset }: Allowance): Record<string, string> {
  return {
    'RateLimit-Policy': `"${counted}";q=${limit};w=60`,
    RateLimit: `"${counted}";r=${remaining};t=${reset}`,
  };
}

/** What a caller is told who asks too much. */
export function tooMany(allowance: Allowance): Problem {
  const { counted, limit, reset } = allowance;
  return new Problem('too_many_requests', `${limit} ${counted} a minute are allowed: wait ${reset} s.`, {
    headers: { ...rateLimitHeaders(allowance), 'Retry-After': String(reset) },
  });
}
