import { Inject, Injectable, SetMetadata } from '@nestjs/common';
import { Config } from '../../config/config.js';
import type { CallerLimits } from '../../config/security-config.js';
import { Problem } from '../http/problem.js';
import { RateCounter } from './rate-counter.js';

/** The kinds of actions that are counted apart. */
const COUNTED = ['requests', 'uploads', 'messages'] as const;
export type Counted = (typeof COUNTED)[number];

const LIMIT_OF: Readonly<Record<Counted, keyof CallerLimits>> = {
  requests: 'requestsPerMinute',
  uploads: 'uploadsPerMinute',
  messages: 'messagesPerMinute',
};

/** The state of a limit after an action. */
export interface Allowance {
  readonly counted: Counted;
  readonly limit: number;
  readonly remaining: number;
  /** Seconds until the next minute begins; at least 1. */
  readonly reset: number;
  readonly isExceeded: boolean;
}

/** Applies the limits per minute. */
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

  /** Whether a limit is configured. */
  has(counted: Counted): boolean {
    return this.limits.has(counted);
  }

  /** Counts one action of `who`, a subject or a network. Returns undefined where no limit is configured. */
  async consume(counted: Counted, who: string): Promise<Allowance | undefined> {
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

/** The headers with the allowance of a caller (draft-ietf-httpapi-ratelimit-headers-10). */
export function rateLimitHeaders({ counted, limit, remaining, reset }: Allowance): Record<string, string> {
  return {
    'RateLimit-Policy': `"${counted}";q=${limit};w=60`,
    RateLimit: `"${counted}";r=${remaining};t=${reset}`,
  };
}

/** The problem for a caller that has exceeded its allowance. */
export function tooMany(allowance: Allowance): Problem {
  const { counted, limit, reset } = allowance;
  return new Problem(
    'too_many_requests',
    `At most ${limit} ${counted} a minute are allowed. Wait ${reset} s.`,
    {
      headers: { ...rateLimitHeaders(allowance), 'Retry-After': String(reset) },
    },
  );
}

/** The metadata key of {@link LimitedAs}. */
export const COUNTED_AS = 'pulsewatch:counted-as';

/** Counts requests to a handler apart from other requests. */
export const LimitedAs = (counted: Counted): MethodDecorator =>
  SetMetadata<string, Counted>(COUNTED_AS, counted);

/** The key under which the actions of a network are counted. */
export function asNetwork(network: string): string {
  return `network ${network}`;
}

/** The key under which the actions of a subject are counted. */
export function asSubject(subject: string): string {
  return `subject ${subject}`;
}
