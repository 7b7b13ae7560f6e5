import type { HttpAnswer } from '../delivery/channels/http/http-client.js';
import { DELIVERED, type Delivery } from '../delivery/channels/notifier.js';

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

/** Nobody is left alone for longer: a receiver that asks for a year would never be told anything again. */
const LONGEST_RETRY_AFTER_MS = 3_600_000;

/**
 * `Retry-After` in milliseconds from `now`, an hour at most: seconds, or a date of HTTP. Undefined when it is neither, or
 * past.
 */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const wait = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now;
  return wait > 0 ? Math.min(wait, LONGEST_RETRY_AFTER_MS) : undefined;
}
