import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { webhookSignature } from '../../../../../src/delivery/channels/webhook/webhook.notifier.js';
import { parseWebhookSecret } from '../../../../../src/domain/notifications/webhook-secret.js';

const SECRET = `whsec_${randomBytes(32).toString('base64')}`;
const OLD_SECRET = `whsec_${randomBytes(24).toString('base64')}`;
const BODY = '{"type":"test","data":"Trần"}';

function keysOf(...secrets: string[]): Uint8Array[] {
  return secrets.map((secret) => {
    const key = parseWebhookSecret(secret);
    if (!key) throw new Error('no secret');
    return key;
  });
}

/** The headers of a message signed `age` seconds ago. */
function headers(secrets: string[], age = 0) {
  const timestamp = Math.floor(Date.now() / 1_000) - age;
  return {
    'webhook-id': 'automation.184',
    'webhook-timestamp': String(timestamp),
    'webhook-signature': webhookSignature(
      { id: 'automation.184', timestamp, body: BODY },
      keysOf(...secrets),
    ),
  };
}

describe('a signature', () => {
  it('is the known one', () => {
    const content = { id: 'msg_1', timestamp: 1_700_000_000, body: '{"a":1}' };
    const [key] = keysOf('whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX');
    // printf 'msg_1.1700000000.{"a":1}' | openssl dgst -sha256 -mac HMAC -macopt hexkey:000102…17 -binary | base64
    expect(webhookSignature(content, key ? [key] : [])).toBe(
      'v1,YOREwC5BRUvI4ezImQEgEteB7JbPr/Iy2YCZe049/5g=',
    );
  });

  it('is accepted by the library of Standard Webhooks', () => {
    expect(new Webhook(SECRET).verify(BODY, headers([SECRET]))).toEqual(JSON.parse(BODY));
  });

  it('is accepted with the new secret and the old one while both are in use', () => {
    const both = headers([SECRET, OLD_SECRET]);
    expect(both['webhook-signature'].split(' ')).toHaveLength(2);
    expect(both['webhook-signature'].split(' ')[0]).toBe(headers([SECRET])['webhook-signature']);
    for (const secret of [SECRET, OLD_SECRET])
      expect(new Webhook(secret).verify(BODY, both)).toEqual(JSON.parse(BODY));
  });

  it.each([
    ['another secret', () => new Webhook(OLD_SECRET).verify(BODY, headers([SECRET]))],
    ['another body', () => new Webhook(SECRET).verify(`${BODY} `, headers([SECRET]))],
    [
      'another id',
      () => new Webhook(SECRET).verify(BODY, { ...headers([SECRET]), 'webhook-id': 'automation.185' }),
    ],
    [
      'another time',
      () => {
        const made = headers([SECRET]);
        const later = String(Number(made['webhook-timestamp']) + 1);
        return new Webhook(SECRET).verify(BODY, { ...made, 'webhook-timestamp': later });
      },
    ],
  ])('is refused for %s', (_, verify) => {
    expect(verify).toThrow('No matching signature found');
  });

  it('is refused when it is old', () => {
    expect(() => new Webhook(SECRET).verify(BODY, headers([SECRET], 301))).toThrow('too old');
  });
});

describe('a secret', () => {
  const secretOf = (bytes: number) => `whsec_${Buffer.alloc(bytes, 0xfb).toString('base64')}`;

  it.each([24, 25, 26, 32, 64])('may have %d bytes', (bytes) => {
    expect(Buffer.from(parseWebhookSecret(secretOf(bytes)) ?? [])).toEqual(Buffer.alloc(bytes, 0xfb));
  });

  it.each([
    ['nothing', ''],
    ['nothing but the beginning', 'whsec_'],
    ['no beginning', secretOf(32).slice('whsec_'.length)],
    ['another beginning', secretOf(32).replace('whsec_', 'WHSEC_')],
    ['too few bytes', secretOf(23)],
    ['too many bytes', secretOf(65)],
    ['base64url', secretOf(32).replaceAll('+', '-').replaceAll('/', '_')],
    ['no padding', secretOf(32).replace(/=+$/, '')],
    ['a line break', `${secretOf(32)}\n`],
    ['a blank inside', secretOf(32).replace('+', ' +')],
    ['hexadecimal of the wrong length', `whsec_${'ab'.repeat(25)}`],
    ['what is not base64', `whsec_${'é'.repeat(32)}`],
  ])('is not %s', (_, text) => {
    expect(parseWebhookSecret(text)).toBeUndefined();
  });
});
