import { describe, expect, it } from '@jest/globals';
import { pushDeliveryOf } from '../../../../../src/delivery/channels/web-push/web-push.notifier.js';

const said = (status: number) =>
  pushDeliveryOf({ status, body: 'https://push.example.com/secret', retryAfterMs: 3_000 });
const final = (reason: string) => ({ outcome: 'failed', retryable: false, reason });

describe('what a push service answers', () => {
  it.each([200, 201, 202, 204])('%d: it has the message', (status) => {
    expect(said(status)).toEqual({ outcome: 'delivered' });
  });

  it.each([404, 410])('%d: the device is gone', (status) => {
    expect(said(status)).toEqual({ ...final(`HTTP ${status}: the subscription is gone`), isGone: true });
  });

  it.each([
    [400, 'HTTP 400: the push service does not understand the message'],
    [401, 'HTTP 401: the push service does not take the VAPID keys'],
    [403, 'HTTP 403: the VAPID keys are not those of the subscription'],
    [413, 'HTTP 413: the message is too large, even with title and count alone'],
    [301, 'HTTP 301'],
    [307, 'HTTP 307'],
    [405, 'HTTP 405'],
  ])('%d: never', (status, reason) => {
    expect(said(status)).toEqual(final(reason));
  });

  it.each([408, 429, 500, 502, 503, 504])('%d: not now', (status) => {
    expect(said(status)).toEqual({
      outcome: 'failed',
      retryable: true,
      reason: `HTTP ${status}`,
      retryAfterMs: 3_000,
    });
  });
});
