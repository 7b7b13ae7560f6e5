import { readFile } from 'node:fs/promises';
import https from 'node:https';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import webPush from 'web-push';
import { WebPushNotifier } from '../../../src/delivery/channels/web-push/web-push.notifier.js';
import type { PushPayload } from '../../../src/delivery/channels/web-push/push-payload.js';
import { Clock } from '../../../src/lib/clock.js';
import type { WebPushReceiver } from '../../../src/delivery/channels/web-push/push-receiver.js';
import { Secret } from '../../../src/config/secret.js';
import type { Notification } from '../../../src/domain/notifications/notification.js';
import type { PushSubscription } from '../../../src/domain/notifications/push-subscription.js';
import { makeCertificate, type CertificateFiles } from '../../support/app/certificates.js';
import { HttpSink, type SinkAnswer } from '../../support/servers/http-sink.js';
import { clearOf, critical, notificationOf, stress } from '../../support/generators/push-notifications.js';
import { readPush, readVapid } from '../../support/clients/push-reading.js';
import { makeDevice, type Device } from '../../support/generators/push-subscriptions.js';
import { temporaryFolder } from '../../support/app/temporary-folder.js';

const VAPID = webPush.generateVAPIDKeys();
const RECEIVER: WebPushReceiver = {
  ...{
    kind: 'web_push',
    name: 'phones',
    detail: 'full',
    retryMaxMs: 30_000,
    giveUpMs: 1e9,
    timeoutMs: 60_000,
  },
  vapidPublic: VAPID.publicKey,
  vapidPrivate: new Secret(VAPID.privateKey),
  subject: 'mailto:ops@example.com',
  allowPrivate: true,
} as const;
const CONTEXT = { clock: new Clock(), link: 'https://pulsewatch.example.com/', timezone: 'UTC' };
const HOUR = 3_600;
const EVERY_TIMER_BUT_TIMEOUTS = [
  ...(['Date', 'performance', 'hrtime', 'nextTick', 'queueMicrotask'] as const),
  ...(['setImmediate', 'clearImmediate', 'setInterval', 'clearInterval'] as const),
];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let certificate: CertificateFiles;
let agent: https.Agent;
let sink: HttpSink;
let device: Device;
const open: WebPushNotifier[] = [];

beforeAll(async () => {
  folder = await temporaryFolder();
  certificate = await makeCertificate(folder.path, 'push');
  agent = new https.Agent({ ca: await readFile(certificate.cert) });
});
afterAll(() => folder.remove());
beforeEach(async () => {
  sink = await HttpSink.start({ certificate, answer: 201 });
  device = makeDevice('d1', { endpoint: `${sink.url}/send/endpoint-secret` });
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((channel) => channel.close()));
  await sink.stop();
});

function channel(
  receiver: Partial<WebPushReceiver> = {},
  subscription: Partial<PushSubscription> = {},
): WebPushNotifier {
  const made = new WebPushNotifier(
    { ...RECEIVER, ...receiver },
    { ...device.subscription, ...subscription },
    CONTEXT,
    agent,
  );
  open.push(made);
  return made;
}
const never = new AbortController().signal;
const deliver = (notification: Notification, ...parts: Parameters<typeof channel>) =>
  channel(...parts).deliver(notification, never);
const payloadOf = ({ bytes }: { bytes: Buffer }) => JSON.parse(readPush(bytes, device)) as PushPayload;

describe('a push message', () => {
  it('can be read by the device, and by nobody else', async () => {
    expect(await deliver(notificationOf([critical(7)]))).toEqual({ outcome: 'delivered' });
    const [got] = await sink.first(1);
    expect(got && payloadOf(got)).toMatchObject({
      id: 'n-1',
      title: 'Sales is critical',
      body: 'Sales: critical, engagement 48.25',
      url: CONTEXT.link,
    });
    expect(() => readPush(got?.bytes ?? Buffer.alloc(0), makeDevice('d2'))).toThrow();
    expect(got?.path).toBe('/send/endpoint-secret');
  });

  it('says what a push service needs to know, and no more', async () => {
    await deliver(notificationOf([critical(7)]));
    const [got] = await sink.first(1);
    const { authorization, topic, host, connection, 'content-length': length, ...rest } = got?.headers ?? {};
    expect(rest).toEqual({
      'content-encoding': 'aes128gcm',
      'content-type': 'application/octet-stream',
      ttl: '3600',
      urgency: 'high',
    });
    expect([host, connection, Number(length)]).toEqual([
      new URL(sink.url).host,
      expect.any(String),
      got?.bytes.length,
    ]);
    expect(topic).toBe(got && payloadOf(got).tag);
    expect(authorization).not.toContain(VAPID.privateKey);
  });

  it('is signed for that push service alone, for less than a day', async () => {
    const before = Math.floor(Date.now() / 1_000);
    await deliver(notificationOf([critical(7)]));
    const [got] = await sink.first(1);
    const { isSigned, key, header, claims } = readVapid(got?.headers.authorization);
    expect([isSigned, key, header]).toEqual([true, VAPID.publicKey, { typ: 'JWT', alg: 'ES256' }]);
    expect(claims).toMatchObject({ aud: sink.url, sub: RECEIVER.subject });
    expect(claims.exp).toBeGreaterThan(before + HOUR);
    expect(claims.exp).toBeLessThanOrEqual(Math.floor(Date.now() / 1_000) + 24 * HOUR);
  });

  it('wakes a phone at once only for what is critical', async () => {
    await deliver(notificationOf([stress(7)]));
    await deliver(notificationOf([stress(7), critical(8)]));
    await deliver(notificationOf([clearOf(critical(8))]));
    const urgencies = (await sink.first(3)).map(({ headers }) => headers.urgency);
    expect(urgencies).toEqual(['normal', 'high', 'normal']);
  });

  it('replaces the one before about the same alert', async () => {
    await deliver(notificationOf([stress(7)]));
    await deliver(notificationOf([clearOf(stress(7))], { id: 'n-2' }));
    await deliver(notificationOf([stress(8)], { id: 'n-3' }));
    const [raise, end, other] = (await sink.first(3)).map(({ headers }) => headers.topic);
    expect(end).toBe(raise);
    expect(other).not.toBe(raise);
  });

  it('fills the 4,096 bytes that every push service takes, and no more', async () => {
    const name = '"'.repeat(100);
    await deliver(notificationOf(Array.from({ length: 10 }, (_, n) => stress(n, name, name))));
    const [got] = await sink.first(1);
    expect(got?.bytes.length).toBeGreaterThan(4_090);
    expect(got?.bytes.length).toBeLessThanOrEqual(4_096);
    expect(got && payloadOf(got).body).toMatch(/^"+ .*…$/s);
  });

  it('is sent once more with title and count alone where it is too large', async () => {
    sink.next(413);
    const events = [stress(7), stress(8)];
    expect(await deliver(notificationOf(events))).toEqual({ outcome: 'delivered' });
    const [whole, short] = (await sink.first(2)).map(payloadOf);
    expect(whole?.body).toContain('Ada Byron');
    expect(short).toMatchObject({ id: 'n-1', title: '2 employees under stress', body: '2 alerts' });
    sink.next(413, 413);
    expect(await deliver(notificationOf(events))).toMatchObject({ retryable: false });
    expect(sink.received).toHaveLength(4);
  });
});

describe('an attempt', () => {
  it.each<[SinkAnswer, object]>([
    [202, { outcome: 'delivered' }],
    [403, { outcome: 'failed', retryable: false }],
    [410, { outcome: 'failed', retryable: false, isGone: true }],
    [
      { status: 302, headers: { Location: 'https://localhost/' } },
      { retryable: false, reason: 'HTTP 302' },
    ],
    [
      { status: 429, headers: { 'Retry-After': '3' } },
      { retryable: true, retryAfterMs: 3_000 },
    ],
    [
      { status: 503, headers: { 'Retry-After': '120' } },
      { retryable: true, retryAfterMs: 120_000 },
    ],
    [500, { outcome: 'failed', retryable: true, reason: 'HTTP 500' }],
  ])('that is answered with %j is judged by it', async (answer, delivery) => {
    sink.next(answer);
    expect(await deliver(notificationOf([critical(7)]))).toMatchObject(delivery);
    expect(sink.received).toHaveLength(1);
  });

  it('that gets no answer in time may be made again', async () => {
    sink.next('hang', 413, 'hang');
    const failed = { outcome: 'failed', retryable: true, reason: 'no answer in time' };
    // The time-outs of attempts pass when the request has arrived, however long that takes.
    jest.useFakeTimers({ doNotFake: EVERY_TIMER_BUT_TIMEOUTS });
    try {
      for (const requests of [1, 3]) {
        const running = deliver(notificationOf([critical(7)]));
        await sink.first(requests);
        jest.advanceTimersByTime(RECEIVER.timeoutMs);
        expect(await running).toMatchObject(failed);
      }
    } finally {
      jest.useRealTimers();
    }
    expect(sink.received).toHaveLength(3);
  });

  it('ends when it is told to', async () => {
    const stop = new AbortController();
    sink.next('hang');
    const running = channel().deliver(notificationOf([critical(7)]), stop.signal);
    await sink.first(1);
    stop.abort(new Error('stop'));
    await expect(running).rejects.toThrow('stop');
    await expect(channel().deliver(notificationOf([]), stop.signal)).rejects.toThrow('stop');
    expect(sink.received).toHaveLength(1);
  });

  it('goes to nobody who cannot show a certificate', async () => {
    const plain = new WebPushNotifier(RECEIVER, device.subscription, CONTEXT);
    open.push(plain);
    const delivery = await plain.deliver(notificationOf([critical(7)]), never);
    expect(delivery).toMatchObject({
      retryable: true,
      reason: expect.stringMatching(/^no connection \(\w+\)$/),
    });
    expect(sink.received).toEqual([]);
  });

  it.each<[string, Partial<PushSubscription>, Partial<WebPushReceiver>]>([
    ['a key that is none', { p256dh: 'AAAA' }, {}],
    ['a key beside the curve', { p256dh: Buffer.alloc(65, 4).toString('base64url') }, {}],
    ['an address that is none', { endpoint: 'endpoint-secret' }, {}],
    ['an address without TLS', { endpoint: 'http://127.0.0.1:9/endpoint-secret' }, {}],
    ['a private key that is none', {}, { vapidPrivate: new Secret('private-secret') }],
  ])('is not made with %s', async (_, subscription, receiver) => {
    const delivery = await deliver(notificationOf([critical(7)]), receiver, subscription);
    expect(delivery).toEqual({
      outcome: 'failed',
      retryable: false,
      reason: 'the message cannot be made with the keys of the receiver and the subscription',
    });
    expect(sink.received).toEqual([]);
  });
});

it('no secret is in what a channel is, or says', async () => {
  sink.next(400, 401, 403, 404, 413, 413, 429, 500, { status: 500, body: sink.url });
  const one = channel();
  const said: unknown[] = [];
  for (let attempt = 0; attempt < 8; attempt += 1)
    said.push(await one.deliver(notificationOf([critical(7)]), never));
  const text = [one, said].map(
    (what) => inspect(what, { depth: 9, showHidden: true }) + JSON.stringify(what),
  );
  const { endpoint, p256dh, auth } = device.subscription;
  for (const secret of ['endpoint-secret', endpoint, p256dh, auth, VAPID.privateKey, 'localhost'])
    expect(text.join()).not.toContain(secret);
});
