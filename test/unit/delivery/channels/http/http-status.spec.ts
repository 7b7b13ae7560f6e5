import { describe, expect, it } from '@jest/globals';
import { deliveryOf, parseRetryAfter } from '../../../../../src/delivery/channels/http/http-client.js';

const NOW = Date.UTC(2026, 10, 22, 12);

describe('Retry-After', () => {
  it.each([
    ['3', 3_000],
    ['0', undefined],
    ['3600', 3_600_000],
    ['86400', 3_600_000],
    ['99999999999999999999', 3_600_000],
    ['Sun, 22 Nov 2026 12:00:30 GMT', 30_000],
    ['Sun, 22 Nov 2037 12:00:30 GMT', 3_600_000],
    ['Sun, 22 Nov 2026 11:59:59 GMT', undefined],
    ['-3', undefined],
    ['3.5', undefined],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s is %s milliseconds', (header, wait) => {
    expect(parseRetryAfter(header, NOW)).toBe(wait);
  });

  it('is told of what may be tried again, and of nothing else', () => {
    const answer = { body: '', retryAfterMs: 3_000 };
    expect(deliveryOf({ ...answer, status: 429 })).toMatchObject({ retryable: true, retryAfterMs: 3_000 });
    expect(deliveryOf({ ...answer, status: 400 })).not.toHaveProperty('retryAfterMs');
  });
});
