import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import webPush from 'web-push';
import {
  MAX_SUBSCRIPTIONS,
  MAX_SUBSCRIPTIONS_OF_SUBJECT,
  type PushSubscription,
} from '../../src/domain/notifications/push-subscription.js';
import { PushSubscriptionStore } from '../../src/storage/ports/push-subscription.store.js';
import { TestApp, type Variables } from '../support/app/app.js';
import { channelsFile } from '../support/app/channels-file.js';
import { SECRET_VARIABLES, tokenOf } from '../support/servers/issuer.js';
import { makeDevice } from '../support/generators/push-subscriptions.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';

const PRIVATE = '10.1.2.3';
const PHONES = pushReceiver('phones');
const LAB = { ...pushReceiver('lab'), allow_private: true };

function pushReceiver(name: string) {
  const { publicKey, privateKey } = webPush.generateVAPIDKeys();
  const subject = 'mailto:ops@example.com';
  return { name, kind: 'web_push', vapid_public: publicKey, vapid_private: privateKey, subject };
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let app: TestApp;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(async () => {
  await app.stop();
  await folder.remove();
});

async function start(variables: Variables = SECRET_VARIABLES, receivers = [PHONES, LAB]) {
  const file = receivers.length === 0 ? {} : await channelsFile(folder.path, receivers);
  app = await TestApp.start({ DATA_DIR: `${folder.path}/data`, ...file, ...variables });
}
interface Answer {
  readonly status: number;
  readonly text: string;
  readonly body: { id: string; code: string; detail: string; errors: { field: string }[]; items: unknown[] };
}
async function call(role: string, method: string, path: string, body?: unknown): Promise<Answer> {
  const token =
    role === 'local' ? {} : { authorization: `Bearer ${await tokenOf({ sub: `${role} 1`, role })}` };
  const response = await fetch(`${app.url}/api/v1${path}`, {
    method,
    headers: { ...token, ...(body === undefined ? {} : { 'Content-Type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, body: (text === '' ? {} : JSON.parse(text)) as Answer['body'] };
}
const bodyOf = ({ endpoint, p256dh, auth }: PushSubscription) => ({
  endpoint,
  expirationTime: null,
  keys: { p256dh, auth },
});
const deviceBody = (id: string, differing: Partial<PushSubscription> = {}) =>
  bodyOf(makeDevice(id, differing).subscription);
const subscribe = (role: string, body: unknown, receiver = 'phones') =>
  call(role, 'POST', `/push/${receiver}/subscriptions`, body);
const stored = (receiver = 'phones') => app.nest.get(PushSubscriptionStore).list(receiver);

describe('receivers for push messages', () => {
  it('are listed with the key that subscribes, and nothing else', async () => {
    await start();
    const listed = [PHONES, LAB].map(({ name, vapid_public }) => ({
      receiver: name,
      public_key: vapid_public,
    }));
    expect((await call('hr', 'GET', '/push')).body).toEqual({ items: listed });
    expect((await call('admin', 'GET', '/push/lab')).body).toEqual(listed[1]);
    expect(await call('hr', 'GET', '/push/none')).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  it('are none where none is configured', async () => {
    await start({}, []);
    expect((await call('local', 'GET', '/push')).body).toEqual({ items: [] });
    expect((await subscribe('local', deviceBody('d1'))).status).toBe(404);
  });

  it.each(['manager', 'viewer'])('are not for a %s, who is told why', async (role) => {
    await start();
    expect((await call(role, 'GET', '/push')).body).toEqual({ items: [] });
    for (const { status, body } of [
      await call(role, 'GET', '/push/phones'),
      await subscribe(role, deviceBody('d1')),
    ]) {
      expect([status, body.code]).toEqual([403, 'forbidden']);
      expect(body.detail).toMatch(/every department, .*admin and hr/);
    }
    expect(await stored()).toEqual([]);
  });

  it('are not for a service', async () => {
    await start();
    expect((await call('service', 'GET', '/push')).status).toBe(403);
  });
});

describe('a subscription', () => {
  it('is kept as the browser gave it, once for each device and receiver', async () => {
    await start();
    const body = deviceBody('d1');
    const { status, body: first } = await subscribe('hr', body);
    expect([status, first]).toEqual([
      201,
      { id: expect.stringMatching(/^[\w-]{22}$/), receiver: 'phones', created_at: expect.any(String) },
    ]);
    const { p256dh, auth } = deviceBody('other').keys;
    expect((await subscribe('hr', { ...body, keys: { p256dh, auth } })).body.id).toBe(first.id);
    expect(await stored()).toEqual([
      expect.objectContaining({ id: first.id, endpoint: body.endpoint, p256dh, auth, subject: 'hr 1' }),
    ]);
    expect((await subscribe('hr', body, 'lab')).body.id).not.toBe(first.id);
    expect((await subscribe('hr', deviceBody('d2'))).body.id).not.toBe(first.id);
    expect([await stored(), await stored('lab')].map(({ length }) => length)).toEqual([2, 1]);
  });

  it('is there for whoever is at this machine where nobody is asked', async () => {
    await start({});
    const { body } = await subscribe('local', deviceBody('d1'));
    expect(await stored()).toMatchObject([{ subject: 'local' }]);
    expect((await call('local', 'DELETE', `/push/phones/subscriptions/${body.id}`)).status).toBe(204);
    expect(await stored()).toEqual([]);
  });

  it('is its own subject’s and the administrators’, and to others like none', async () => {
    await start();
    const { body: kept } = await subscribe('hr', deviceBody('d1'));
    const path = `/push/phones/subscriptions/${kept.id}`;
    const missing = await call('viewer', 'DELETE', '/push/phones/subscriptions/none');
    expect(missing.body.code).toBe('not_found');
    for (const method of ['GET', 'DELETE']) {
      const { status, body } = await call('viewer', method, path);
      expect([status, body.detail]).toEqual([404, missing.body.detail]);
    }
    expect((await call('hr', 'DELETE', `/push/lab/subscriptions/${kept.id}`)).status).toBe(404);
    for (const role of ['hr', 'admin']) {
      const { status, body } = await call(role, 'GET', path);
      expect([status, body]).toEqual([200, kept]);
    }
    expect((await call('admin', 'DELETE', path)).status).toBe(204);
    expect((await call('hr', 'GET', path)).status).toBe(404);
    expect((await call('hr', 'DELETE', path)).status).toBe(404);
  });

  it('can be ended by somebody who may not subscribe any more', async () => {
    await start();
    const own = { ...makeDevice('d1').subscription, subject: 'viewer 1' };
    await app.nest.get(PushSubscriptionStore).put(own);
    expect((await call('viewer', 'DELETE', '/push/phones/subscriptions/d1')).status).toBe(204);
  });

  it.each<[string, string, (good: ReturnType<typeof deviceBody>) => unknown]>([
    ['no address', 'endpoint', (good) => ({ ...good, endpoint: 'nowhere-secret' })],
    [
      'an address without TLS',
      'endpoint',
      (good) => ({ ...good, endpoint: 'http://push-secret.example.com/' }),
    ],
    ['a password', 'endpoint', (good) => ({ ...good, endpoint: 'https://u:p@push-secret.example.com/' })],
    [
      'a password alone',
      'endpoint',
      (good) => ({ ...good, endpoint: 'https://:p@push-secret.example.com/' }),
    ],
    ['a private address', 'endpoint', (good) => ({ ...good, endpoint: `https://${PRIVATE}/secret` })],
    ['a long address', 'endpoint', (good) => ({ ...good, endpoint: `https://h/${'secret'.repeat(400)}` })],
    ['an address of another type', 'endpoint', (good) => ({ ...good, endpoint: [good.endpoint] })],
    ['no keys', 'keys', ({ endpoint }) => ({ endpoint })],
    ['keys that are none', 'keys', ({ endpoint }) => ({ endpoint, keys: [] })],
    ['a short secret', 'auth', (good) => ({ ...good, keys: { ...good.keys, auth: 'c2VjcmV0' } })],
    ['a padded secret', 'auth', (good) => ({ ...good, keys: { ...good.keys, auth: `${good.keys.auth}==` } })],
    ['a short key', 'p256dh', (good) => ({ ...good, keys: { ...good.keys, p256dh: good.keys.auth } })],
    [
      'a key beside the curve',
      'p256dh',
      (good) => ({ ...good, keys: { ...good.keys, p256dh: beside(good) } }),
    ],
    [
      'a key in another form',
      'p256dh',
      (good) => ({ ...good, keys: { ...good.keys, p256dh: hybrid(good) } }),
    ],
    ['what nobody asked for', 'subject', (good) => ({ ...good, subject: 'somebody else' })],
  ])('is not one with %s', async (_, field, bad) => {
    await start();
    const { status, body, text } = await subscribe('hr', bad(deviceBody('d1')));
    expect([status, body.code, [...new Set(body.errors.map((error) => error.field))]]).toEqual([
      400,
      'validation_failed',
      [field],
    ]);
    expect(text).not.toMatch(/secret/);
    expect(await stored()).toEqual([]);
  });

  it('may be at a private address where the receiver allows it', async () => {
    await start();
    const body = deviceBody('d1', { endpoint: `https://${PRIVATE}/d1` });
    expect((await subscribe('hr', body, 'lab')).status).toBe(201);
  });

  it('is one of so many for each subject, and for all', async () => {
    await start();
    const store = app.nest.get(PushSubscriptionStore);
    const keep = (count: number, prefix: string, differing: Partial<PushSubscription>) =>
      Promise.all(
        Array.from({ length: count }, (_, n) =>
          store.put({ ...makeDevice(`${prefix}${n}`).subscription, ...differing }),
        ),
      );
    await keep(MAX_SUBSCRIPTIONS_OF_SUBJECT - 1, 'own', { subject: 'hr 1' });
    const last = deviceBody('last');
    const both = await Promise.all([subscribe('hr', last), subscribe('hr', deviceBody('more'))]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    const refused = both.find(({ status }) => status === 409)?.body;
    expect([refused?.code, refused?.detail]).toEqual([
      'too_many_subscriptions',
      expect.stringContaining(`${MAX_SUBSCRIPTIONS_OF_SUBJECT} devices`),
    ]);
    await keep(MAX_SUBSCRIPTIONS - MAX_SUBSCRIPTIONS_OF_SUBJECT, 'theirs', { subject: 'many' });
    const full = await subscribe('admin', deviceBody('new'));
    expect([full.status, full.body.code]).toEqual([409, 'too_many_subscriptions']);
    expect((await subscribe('admin', deviceBody('new'), 'lab')).status).toBe(201);
  });

  it('leaves a line in the audit log that names it, and no endpoint', async () => {
    await start();
    const { id } = (await subscribe('hr', deviceBody('d1'))).body;
    await subscribe('viewer', deviceBody('d2'));
    await call('hr', 'DELETE', `/push/phones/subscriptions/${id}`);
    const lines: unknown[] = [];
    for (const action of ['push.subscribe', 'push.unsubscribe']) {
      const { body, text } = await call('admin', 'GET', `/audit?action=${action}&outcome=allowed`);
      expect(text).not.toContain('push.example.com');
      lines.push(...body.items);
    }
    const target = `push/phones/subscriptions/${id}`;
    expect(lines).toMatchObject([
      { subject: 'hr 1', action: 'push.subscribe', target },
      { subject: 'hr 1', action: 'push.unsubscribe', target },
    ]);
  });
});

function beside({ keys }: ReturnType<typeof deviceBody>): string {
  const point = Buffer.from(keys.p256dh, 'base64url');
  point.writeUInt8(point.readUInt8(64) ^ 1, 64);
  return point.toString('base64url');
}

function hybrid({ keys }: ReturnType<typeof deviceBody>): string {
  const point = Buffer.from(keys.p256dh, 'base64url');
  point.writeUInt8(6 + (point.readUInt8(64) & 1), 0);
  return point.toString('base64url');
}
