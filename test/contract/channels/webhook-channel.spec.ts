import { readFile } from 'node:fs/promises';
import type { LookupFunction } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { Secret } from '../../../src/config/secret.js';
import { makeCertificate, type CertificateFiles } from '../../support/app/certificates.js';
import { HttpSink, type Received } from '../../support/servers/http-sink.js';
import { STRESS_RAISED, notificationOf } from '../../support/generators/notifications.js';
import { SettableClock } from '../../support/app/settable-clock.js';
import { temporaryFolder } from '../../support/app/temporary-folder.js';
import { WEBHOOK_SECRET, WebhookHarness } from '../../support/app/webhook-harness.js';

const SECRET = WEBHOOK_SECRET;
const OLD_SECRET = `whsec_${Buffer.alloc(24, 'old').toString('base64')}`;
const TOLD = notificationOf([STRESS_RAISED]);
const SIGNAL = new AbortController().signal;

const room = new WebhookHarness();
let sink: HttpSink;

beforeEach(async () => {
  sink = await HttpSink.start();
});
afterEach(async () => {
  await room.close();
  await sink.stop();
});

/** The headers of a request that verifiers look at. */
function signed({ headers }: Received): Record<string, string> {
  return Object.fromEntries(
    ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, String(headers[name])]),
  );
}

describe('a webhook', () => {
  it('arrives as Standard Webhooks has it', async () => {
    const clock = new SettableClock(Date.now());
    const secrets = [new Secret(SECRET), new Secret(OLD_SECRET)];
    expect(await room.channelTo(`${sink.url}/in?a=b`, { clock, secrets }).deliver(TOLD, SIGNAL)).toEqual({
      outcome: 'delivered',
    });
    const [request] = await sink.first(1);
    if (!request) throw new Error('nothing arrived');
    const { path, headers, body } = request;
    expect(path).toBe('/in?a=b');
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
      'user-agent': 'Pulsewatch',
      'webhook-id': TOLD.id,
      'webhook-timestamp': String(Math.floor(clock.now() / 1_000)),
    });
    for (const secret of [SECRET, OLD_SECRET])
      expect(new Webhook(secret).verify(body, signed(request))).toEqual({
        type: 'employee_stress',
        id: '184',
        timestamp: '2026-11-22T13:12:00.123+00:00',
        data: STRESS_RAISED.data,
      });
    expect(() => new Webhook(SECRET).verify(`${body} `, signed(request))).toThrow('No matching signature');
  });

  it('keeps id and body at the next attempt, and is signed anew', async () => {
    const clock = new SettableClock(Date.now() - 30_000);
    const channel = room.channelTo(sink.url, { clock });
    await channel.deliver(TOLD, SIGNAL);
    clock.advance(20_000);
    await channel.deliver(TOLD, SIGNAL);
    const [first, second] = await sink.first(2);
    if (!first || !second) throw new Error('nothing arrived');
    expect(second.body).toBe(first.body);
    expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
    const [before, after] = [first, second].map((one) => Number(one.headers['webhook-timestamp']));
    expect(after).toBe((before ?? 0) + 20);
    for (const one of [first, second])
      expect(new Webhook(SECRET).verify(one.body, signed(one))).toEqual(JSON.parse(first.body));
  });

  it('waits as long as a date says', async () => {
    const clock = new SettableClock(Date.UTC(2026, 10, 22, 13, 12, 0));
    const channel = room.channelTo(sink.url, { clock });
    sink.next({ status: 503, headers: { 'Retry-After': 'Sun, 22 Nov 2026 13:12:07 GMT' } });
    expect(await channel.deliver(TOLD, SIGNAL)).toMatchObject({ retryable: true, retryAfterMs: 7_000 });
    sink.next({ status: 503, headers: { 'Retry-After': 'soon' } });
    expect(await channel.deliver(TOLD, SIGNAL)).not.toHaveProperty('retryAfterMs');
  });
});

describe('a receiver over https', () => {
  let files: CertificateFiles;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let secure: HttpSink;

  beforeAll(async () => {
    folder = await temporaryFolder();
    files = await makeCertificate(folder.path, 'hook');
    secure = await HttpSink.start({ certificate: files });
  });
  afterAll(async () => {
    await secure.stop();
    await folder.remove();
  });

  it('is trusted by its own authority', async () => {
    const egress = { ca: await readFile(files.cert) };
    expect(await room.channelTo(secure.url, { egress }).deliver(TOLD, SIGNAL)).toEqual({
      outcome: 'delivered',
    });
  });

  it('gets nothing without one', async () => {
    const before = secure.received.length;
    expect(await room.channelTo(secure.url).deliver(TOLD, SIGNAL)).toEqual({
      outcome: 'failed',
      retryable: true,
      reason: 'no connection (DEPTH_ZERO_SELF_SIGNED_CERT)',
    });
    expect(secure.received).toHaveLength(before);
  });

  it('gets nothing while its name leads to a private address, and is tried again', async () => {
    const before = secure.received.length;
    const lookup: LookupFunction = (_, __, callback) =>
      setImmediate(() => callback(null, [{ address: '127.0.0.1', family: 4 }]));
    const url = `https://hooks.example.com:${secure.port}/`;
    const channel = room.channelTo(url, {
      allowPrivate: false,
      egress: { lookup, ca: await readFile(files.cert) },
    });
    expect(await channel.deliver(TOLD, SIGNAL)).toEqual({
      outcome: 'failed',
      retryable: true,
      reason: 'address not allowed',
    });
    expect(secure.received).toHaveLength(before);
  });

  it.each(['https://localhost', 'https://127.0.0.1', 'http://hooks.example.com', 'https://2130706433'])(
    'is never tried at %s, which shows that it is private',
    async (origin) => {
      const before = secure.received.length;
      const channel = room.channelTo(`${origin}:${secure.port}/`, { allowPrivate: false });
      expect(await channel.deliver(TOLD, SIGNAL)).toEqual({
        outcome: 'failed',
        retryable: false,
        reason: 'address not allowed',
      });
      expect(secure.received).toHaveLength(before);
    },
  );
});

describe('what is secret', () => {
  it('is not seen in a channel at work, nor in what it answers', async () => {
    const { port } = sink;
    const channel = room.channelTo(`${sink.url}/hidden-path?token=hidden-token`, {
      secrets: [new Secret(SECRET)],
    });
    sink.next({
      status: 500,
      headers: { Location: `${sink.url}/hidden-path` },
      body: `hidden-path ${SECRET}`,
    });
    const answers = [await channel.deliver(TOLD, SIGNAL)];
    await sink.stop();
    answers.push(await channel.deliver(TOLD, SIGNAL));
    const all = { depth: Infinity, showHidden: true };
    const shown = [inspect(channel, all), JSON.stringify(channel), inspect(answers, all)].join();
    expect(shown).toContain('automation');
    for (const hidden of ['hidden', String(port), '127.0.0.1', SECRET.slice(6, 20), '<Buffer', 'Uint8Array'])
      expect(shown).not.toContain(hidden);
    sink = await HttpSink.start();
  });

  it('is not repeated by what refuses it', () => {
    expect(() => room.channelTo(sink.url, { secrets: [new Secret('whsec_hidden')] })).toThrow(
      'A secret of receiver automation is not of the form whsec_<base64>.',
    );
    expect(() => room.channelTo('hidden')).toThrow('The url of receiver automation is none.');
  });
});
