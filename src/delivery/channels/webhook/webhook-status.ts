import type { HttpAnswer } from '../http/http-client.js';
import { DELIVERED, type Delivery } from '../notifier.js';

type Meaning = 'delivered' | 'retry' | 'final' | 'gone';

interface StatusRule {
  readonly from: number;
  readonly to: number;
  readonly means: Meaning;
  readonly why: string;
}

/** What the statuses of Standard Webhooks mean for an attempt. The first rule that covers the status applies. */
export const WEBHOOK_STATUSES: readonly StatusRule[] = [
  { from: 200, to: 299, means: 'delivered', why: 'Received. The body is ignored.' },
  {
    from: 300,
    to: 399,
    means: 'final',
    why: 'Redirects are not followed: the new address has not been checked.',
  },
  { from: 408, to: 408, means: 'retry', why: 'The receiver did not get the whole request in time.' },
  { from: 410, to: 410, means: 'gone', why: 'The receiver is gone for good.' },
  { from: 425, to: 425, means: 'retry', why: 'The receiver asks to send it again later.' },
  { from: 429, to: 429, means: 'retry', why: 'Too much at once.' },
  { from: 400, to: 499, means: 'final', why: 'The same request would be answered the same way.' },
  { from: 500, to: 599, means: 'retry', why: 'The receiver failed; it may recover.' },
];

/** The result of an attempt that was answered. `Retry-After` applies where there is another attempt. */
export function webhookDelivery({ status, retryAfterMs }: HttpAnswer): Delivery {
  const rule = WEBHOOK_STATUSES.find(({ from, to }) => status >= from && status <= to);
  if (rule?.means === 'delivered') return DELIVERED;
  const failed = { outcome: 'failed', reason: `HTTP ${status}` } as const;
  if (rule?.means === 'gone') return { ...failed, retryable: false, isGone: true };
  if (rule?.means !== 'retry') return { ...failed, retryable: false };
  return { ...failed, retryable: true, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}
