import type { HttpAnswer } from '../../delivery/channels/http/http-client.js';
import { deliveryOf } from '../http-status.js';
import type { Delivery } from '../../delivery/channels/notifier.js';

/** What a push service means by a status that other peers mean otherwise; the rest is as everywhere. */
const FINAL: Readonly<Record<number, string>> = {
  400: 'the push service does not understand the message',
  401: 'the push service does not take the VAPID keys',
  403: 'the VAPID keys are not those of the subscription',
  404: 'the subscription is gone',
  410: 'the subscription is gone',
  413: 'the message is too large, even with title and count alone',
};
const GONE = new Set([404, 410]);

/** What became of a message by what the push service answered (RFC 8030, RFC 8292). */
export function pushDeliveryOf(answer: HttpAnswer): Delivery {
  const { status } = answer;
  const why = FINAL[status];
  if (why === undefined) return deliveryOf(answer);
  const failed = { outcome: 'failed', retryable: false, reason: `HTTP ${status}: ${why}` } as const;
  return GONE.has(status) ? { ...failed, isGone: true } : failed;
}
