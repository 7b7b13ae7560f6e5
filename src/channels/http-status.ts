import type { HttpAnswer } from './http-post.js';
import { DELIVERED, type Delivery } from './notifier-channel.js';

/** Statuses that say "not now". Other 4xx will be answered the same way again. */
const RETRYABLE = new Set([408, 425, 429]);

/** What a status means to every channel that has no rules of its own: 2xx is delivered; 3xx is never followed. */
export function deliveryOf({ status, retryAfterMs }: HttpAnswer): Delivery {
  if (status >= 200 && status < 300) return DELIVERED;
  const retryable = status >= 500 || RETRYABLE.has(status);
  return {
    outcome: 'failed',
    retryable,
    reason: `HTTP ${status}`,
    ...(retryable && retryAfterMs !== undefined ? { retryAfterMs } : {}),
  };
}

/** `Retry-After` in milliseconds from `now`: seconds, or a date of HTTP. Undefined when it is neither, or past. */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1_000;
  const until = Date.parse(header);
  return until > now ? until - now : undefined;
}
