import { describe, expect, it } from '@jest/globals';
import { keyState, readIdempotencyKey, type KeyUse } from '../../../../src/domain/uploads/idempotency.js';

describe('readIdempotencyKey', () => {
  it.each([
    ['a', 'a'],
    [' 8e03978e-40d5-43dd-bc93-6894a57f9324 ', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ['"8e03978e"', '8e03978e'],
    ['!#~', '!#~'],
    ['x'.repeat(255), 'x'.repeat(255)],
  ])('takes %j', (header, key) => {
    expect(readIdempotencyKey(header)).toBe(key);
  });

  it.each(['', ' ', '""', '"', 'a b', 'a, b', '"a"b"', 'é', 'a\u0000', 'x'.repeat(256)])(
    'refuses %j',
    (header) => {
      expect(readIdempotencyKey(header)).toBeUndefined();
    },
  );
});

describe('the state of a key', () => {
  const held: KeyUse = { key: 'k', holder: 'h', instance: 'i', since: 1_000 };
  const named: KeyUse = { ...held, upload: { fingerprint: 'f', uploadId: 'u' } };
  const moment = { now: 1_099, ttlMs: 100, isUpload: false, isHeldOn: false };
  it.each([
    ['free that nobody used', undefined, {}, 'free'],
    ['held while its request goes on', held, { isHeldOn: true }, 'held'],
    ['free once that has ended', held, {}, 'free'],
    ['held while its upload is being accepted', named, { isHeldOn: true }, 'held'],
    ['used once there is the upload', named, { isUpload: true }, 'used'],
    ['used while the request is being answered', named, { isUpload: true, isHeldOn: true }, 'used'],
    ['free when no upload came of it', named, {}, 'free'],
    ['free when it has expired', named, { isUpload: true, now: 1_100 }, 'free'],
  ] as const)('is %s', (_, use, changes, expected) => {
    expect(keyState(use, { ...moment, ...changes })).toBe(expected);
  });
});
