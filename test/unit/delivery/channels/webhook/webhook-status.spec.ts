import { describe, expect, it } from '@jest/globals';
import { webhookDelivery } from '../../../../../src/delivery/channels/webhook/webhook-status.js';

const AGAIN = [408, 425, 429];

/** What a status should amount to, in other words than the code's. */
function expected(status: number) {
  if (status >= 200 && status < 300) return { outcome: 'delivered' };
  const failed = { outcome: 'failed', reason: `HTTP ${status}` };
  if (status === 410) return { ...failed, retryable: false, isGone: true };
  const retryable = AGAIN.includes(status) || (status >= 500 && status < 600);
  return retryable ? { ...failed, retryable, retryAfterMs: 3_000 } : { ...failed, retryable };
}

describe('a status', () => {
  it('means what the table of the page says, from 100 to 999', () => {
    for (let status = 100; status < 1_000; status += 1)
      expect(webhookDelivery({ status, body: '', retryAfterMs: 3_000 })).toEqual(expected(status));
  });

  it('asks for no pause of its own', () => {
    expect(webhookDelivery({ status: 503, body: '' })).toEqual({
      outcome: 'failed',
      retryable: true,
      reason: 'HTTP 503',
    });
  });
});
