import { readFile } from 'node:fs/promises';
import https from 'node:https';
import webPush from 'web-push';
import { EmailNotifier } from '../../src/delivery/channels/email/email.notifier.js';
import { CHANNEL_KINDS, type ChannelKindName } from '../../src/delivery/channels/registry.js';
import type { Delivery, NotifierContext } from '../../src/delivery/channels/notifier.js';
import { SlackNotifier } from '../../src/delivery/channels/slack/slack.notifier.js';
import { TeamsNotifier } from '../../src/delivery/channels/teams/teams.notifier.js';
import { WebPushNotifier } from '../../src/delivery/channels/web-push/web-push.notifier.js';
import { WebhookNotifier } from '../../src/delivery/channels/webhook/webhook.notifier.js';
import { Secret } from '../../src/config/secret.js';
import { Clock } from '../../src/lib/clock.js';
import { makeCertificate, type CertificateFiles } from '../support/app/certificates.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';
import { told } from '../support/generators/chat-notifications.js';
import { STRESS_RAISED } from '../support/generators/notifications.js';
import { makeDevice } from '../support/generators/push-subscriptions.js';
import { HttpSink } from '../support/servers/http-sink.js';
import { SmtpSink } from '../support/servers/smtp-sink.js';
import { notifierContract, type NotifierKind, type NotifierPeer } from './notifier.contract.js';

const PATH_SECRET = 'path-token-secret';
const context: NotifierContext = { clock: new Clock(), timezone: 'UTC', link: 'https://pw.example/' };
const base = { name: 'it', detail: 'thin', retryMaxMs: 1_000, giveUpMs: 1_000 } as const;
const delivered: Delivery = { outcome: 'delivered' };
const failed = (status: number, parts: object = {}) =>
  ({ outcome: 'failed', retryable: false, reason: `HTTP ${status}`, ...parts }) as const;
const retried = (status: number) => failed(status, { retryable: true, retryAfterMs: 3_000 });

/** What statuses mean, those named apart, to every peer that speaks HTTP. */
function httpStatuses(
  statuses: readonly number[],
  { delivers, apart }: { delivers: (status: number) => boolean; apart: Readonly<Record<number, object>> },
): readonly (readonly [number, Delivery])[] {
  return statuses.map((status) => {
    if (delivers(status)) return [status, delivered];
    if (status >= 500 || [408, 425, 429].includes(status)) return [status, retried(status)];
    return [status, failed(status, apart[status])];
  });
}
const is2xx = (status: number) => status >= 200 && status < 300;
const gone = { isGone: true };
const CHAT_STATUSES = [
  ...[200, 201, 202, 204, 301, 302, 307, 308, 400, 401, 403, 404, 405, 408, 410, 413],
  ...[422, 425, 429, 500, 501, 502, 503, 504, 599],
];

/** A peer over HTTP whose answers name secrets, ask for a pause, and lead elsewhere. */
async function httpPeer(secrets: readonly string[], certificate?: CertificateFiles): Promise<NotifierPeer> {
  const sink = await HttpSink.start(certificate ? { certificate } : {});
  return {
    port: sink.port,
    get received() {
      return sink.received.length;
    },
    next: (status) =>
      sink.next({
        status,
        headers: { 'Retry-After': '3', Location: `${sink.url}/elsewhere` },
        body: status === 204 ? '' : `no_text ${secrets.join(' ')}`,
      }),
    stop: () => sink.stop(),
  };
}
const hook = (port: number) =>
  new Secret(`http://127.0.0.1:${port}/services/${PATH_SECRET}?sig=${PATH_SECRET}`);

const WEBHOOK_KEY = Buffer.alloc(32, 'key-secret');
const VAPID = webPush.generateVAPIDKeys();
const DEVICE = makeDevice('d1');
const PASSWORD = 'p@ss+w:rd';
let certificate: CertificateFiles;
let agent: https.Agent;

const KINDS: Readonly<Record<ChannelKindName, Omit<NotifierKind, 'name' | 'notification'>>> = {
  webhook: {
    audience: 'program',
    pauseMs: 0,
    secrets: [PATH_SECRET, '127.0.0.1', WEBHOOK_KEY.toString('base64'), '<Buffer', 'Uint8Array'],
    start: () => httpPeer([PATH_SECRET, WEBHOOK_KEY.toString('base64')]),
    open: (port, timeoutMs) =>
      new WebhookNotifier(
        {
          ...{ ...base, kind: 'webhook', timeoutMs, url: hook(port), allowPrivate: true },
          secrets: [new Secret(`whsec_${WEBHOOK_KEY.toString('base64')}`)],
        },
        context,
      ),
    statuses: httpStatuses(
      Array.from({ length: 400 }, (_, index) => 200 + index),
      { delivers: is2xx, apart: { 410: gone } },
    ),
  },
  slack: {
    audience: 'people',
    pauseMs: 1_000,
    secrets: [PATH_SECRET, '127.0.0.1'],
    start: () => httpPeer([PATH_SECRET]),
    open: (port, timeoutMs) =>
      new SlackNotifier({ ...base, kind: 'slack', timeoutMs, url: hook(port) }, context),
    statuses: httpStatuses(CHAT_STATUSES, {
      delivers: (status) => status === 200,
      apart: { 403: gone, 404: gone, 410: gone },
    }),
  },
  teams: {
    audience: 'people',
    pauseMs: 250,
    secrets: [PATH_SECRET, '127.0.0.1'],
    start: () => httpPeer([PATH_SECRET]),
    open: (port, timeoutMs) =>
      new TeamsNotifier({ ...base, kind: 'teams', timeoutMs, url: hook(port) }, context),
    statuses: httpStatuses(CHAT_STATUSES, { delivers: is2xx, apart: { 404: gone, 410: gone } }),
  },
  email: {
    audience: 'people',
    pauseMs: 200,
    secrets: [PASSWORD, encodeURIComponent(PASSWORD), Buffer.from(PASSWORD).toString('base64')],
    start: async () => {
      const sink = await SmtpSink.start({ login: { user: 'user', password: PASSWORD } });
      return {
        port: sink.port,
        get received() {
          return sink.received;
        },
        next: (code) => {
          sink.refuseAt = code === 250 ? {} : { data: code };
        },
        stop: () => sink.stop(),
      };
    },
    open: (port, timeoutMs) =>
      new EmailNotifier(
        {
          ...{ ...base, kind: 'email', timeoutMs, from: 'pw@example.com', to: ['hr@example.com'] },
          smtp: new Secret(`smtp://user:${encodeURIComponent(PASSWORD)}@127.0.0.1:${port}`),
        },
        'hr@example.com',
        context,
      ),
    statuses: [250, 421, 450, 451, 452, 550, 552, 553, 554].map((code) => [
      code,
      code === 250 ? delivered : { outcome: 'failed', retryable: code < 500, reason: `SMTP ${code}` },
    ]),
  },
  web_push: {
    audience: 'people',
    pauseMs: 0,
    secrets: [
      ...[PATH_SECRET, 'localhost', VAPID.privateKey],
      ...[DEVICE.subscription.auth, DEVICE.subscription.p256dh],
    ],
    prepare: async () => {
      const folder = await temporaryFolder();
      certificate = await makeCertificate(folder.path, 'push');
      agent = new https.Agent({ ca: await readFile(certificate.cert) });
      return folder;
    },
    start: () => httpPeer([PATH_SECRET], certificate),
    open: (port, timeoutMs) =>
      new WebPushNotifier(
        {
          ...{ ...base, kind: 'web_push', timeoutMs, allowPrivate: true, subject: 'mailto:ops@example.com' },
          ...{ vapidPublic: VAPID.publicKey, vapidPrivate: new Secret(VAPID.privateKey) },
        },
        { ...DEVICE.subscription, endpoint: `https://localhost:${port}/send/${PATH_SECRET}` },
        context,
        agent,
      ),
    statuses: httpStatuses(
      // 413 is no single attempt: the message is sent once more, shorter.
      CHAT_STATUSES.filter((status) => status !== 413),
      {
        delivers: is2xx,
        apart: {
          400: { reason: 'HTTP 400: the push service does not understand the message' },
          401: { reason: 'HTTP 401: the push service does not take the VAPID keys' },
          403: { reason: 'HTTP 403: the VAPID keys are not those of the subscription' },
          404: { reason: 'HTTP 404: the subscription is gone', ...gone },
          410: { reason: 'HTTP 410: the subscription is gone', ...gone },
        },
      },
    ),
  },
};

for (const name of Object.keys(CHANNEL_KINDS) as ChannelKindName[])
  notifierContract({ ...KINDS[name], name, notification: told([STRESS_RAISED]) });
