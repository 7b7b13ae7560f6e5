import { Inject, Injectable, SetMetadata } from '@nestjs/common';
import { Config } from '../../config/config.js';
import type { CallerLimits } from '../../config/security-config.js';
import { Problem } from '../http/problem.js';
import { RateCounter } from './rate-counter.js';

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

/** Says how much of what each caller may do in a minute is left. */
@Injectable()
export class RateLimiter {
  private readonly limits = new Map<Counted, number>();

  constructor(
    { security: { limits } }: Config,
    @Inject(RateCounter) private readonly counts: RateCounter,
  ) {
    for (const counted of COUNTED) {
      const limit = limits[LIMIT_OF[counted]];
      if (limit > 0) this.limits.set(counted, limit);
    }
  }

  /** Whether there is a limit at all. */
  has(counted: Counted): boolean {
    return this.limits.has(counted);
  }

  /** Counts one for `who`, a subject or a network; undefined where there is no limit. */
  async take(counted: Counted, who: string): Promise<Allowance | undefined> {
    const limit = this.limits.get(counted);
    if (limit === undefined) return undefined;
    const { count, msLeft } = await this.counts.add(counted, who);
    return {
      counted,
      limit,
      remaining: Math.max(0, limit - count),
      reset: Math.max(1, Math.ceil(msLeft / 1_000)),
      isExceeded: count > limit,
    };
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

/** Where the guard finds what a request counts as. */
export const COUNTED_AS = 'pulsewatch:counted-as';

/** Counts requests to a handler apart from others. */
export const LimitedAs = (counted: Counted): MethodDecorator =>
  SetMetadata<string, Counted>(COUNTED_AS, counted);

/** The name under which what a network does is counted. */
export function asNetwork(network: string): string {
  return `network ${network}`;
}

/** The name under which what a subject does is counted. */
export function asSubject(subject: string): string {
  return `subject ${subject}`;
}
