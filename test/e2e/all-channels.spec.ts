import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import webPush from 'web-push';
import { makeCertificate } from '../support/app/certificates.js';
import { channelsFile, webhook, WEBHOOK_SECRET } from '../support/app/channels-file.js';
import { eventually } from '../support/app/eventually.js';
import { HttpSink } from '../support/servers/http-sink.js';
import { readPush } from '../support/clients/push-reading.js';
import { makeDevice, type Device } from '../support/generators/push-subscriptions.js';
import { ServerClient } from '../support/app/server-client.js';
import { ServerProcess } from '../support/app/server-process.js';
import { SmtpSink } from '../support/servers/smtp-sink.js';
import { surveyCsv, uniform } from '../support/generators/survey.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';
import { WsClient } from '../support/clients/ws-client.js';

const PEOPLE = 5_000;
const DEPARTMENTS = 20;
const RECIPIENTS = ['hr@example.com', 'lead@example.com', 'board@example.com'];
const VAPID = webPush.generateVAPIDKeys();
const PATHS = {
  slack: '/services/slack-path-secret',
  teams: '/teams-path-secret',
  hook: '/hook-path-secret',
};
const PASSWORD = 'smtp-pass-secret';
/** What only the channels file and devices may know. */
const SECRETS = [
  ...[...Object.values(PATHS), PASSWORD, VAPID.privateKey, WEBHOOK_SECRET, 'endpoint-secret'],
  ...[WEBHOOK_SECRET.slice(6), encodeURIComponent(PASSWORD), Buffer.from(PASSWORD).toString('base64')],
];

interface Channel {
  readonly name: string;
  readonly lag: number;
  readonly state: string;
  readonly destinations: readonly { readonly name: string; readonly delivered: number }[];
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let web: HttpSink;
let pushService: HttpSink;
let mail: SmtpSink;
let server: ServerProcess;
let client: ServerClient;
let devices: Device[];
const said: string[] = [];

beforeEach(async () => {
  folder = await temporaryFolder();
  const certificate = await makeCertificate(folder.path, 'push');
  web = await HttpSink.start();
  pushService = await HttpSink.start({ certificate, answer: 201 });
  mail = await SmtpSink.start({ login: { user: 'pulse', password: PASSWORD } });
  const receivers = [
    { name: 'chat', kind: 'slack', url: web.url + PATHS.slack },
    { name: 'team', kind: 'teams', url: web.url + PATHS.teams },
    webhook('hook', web.url + PATHS.hook, { retry_max: '1s' }),
    {
      ...{ name: 'mail', kind: 'email', from: 'Pulsewatch <alerts@example.com>', to: RECIPIENTS },
      smtp: `smtp://pulse:${PASSWORD}@127.0.0.1:${mail.port}`,
    },
    {
      ...{ name: 'phones', kind: 'web_push', subject: 'mailto:ops@example.com', allow_private: true },
      ...{ vapid_public: VAPID.publicKey, vapid_private: VAPID.privateKey },
    },
  ];
  const names = receivers.flatMap((receiver) => ('name' in receiver ? [receiver.name] : []));
  const people = names.filter((name) => name !== 'hook');
  const file = await channelsFile(folder.path, receivers, [
    { to: people, group_window: '4s', continue: true },
    { to: ['hook'], match: { types: ['department_critical'] } },
  ]);
  server = await ServerProcess.start({
    ...{ DATA_DIR: `${folder.path}/data`, LOG_LEVEL: 'debug', NODE_EXTRA_CA_CERTS: certificate.cert },
    ...file,
  });
  client = new ServerClient(server.url);
  devices = ['d1', 'd2'].map((id) =>
    makeDevice(id, { endpoint: `${pushService.url}/send/endpoint-secret-${id}` }),
  );
  for (const { subscription } of devices) await subscribe(subscription);
});
afterEach(async () => {
  await server.end('SIGKILL');
  await Promise.all([web.stop(), pushService.stop(), mail.stop()]);
  await folder.remove();
});

async function subscribe({ endpoint, p256dh, auth }: Device['subscription']): Promise<void> {
  const { status } = await call('POST', '/push/phones/subscriptions', { endpoint, keys: { p256dh, auth } });
  expect(status).toBe(201);
}

/** Calls the API, and keeps what it says. */
async function call(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await response.text();
  said.push(text);
  return { status: response.status, body: text.startsWith('{') ? (JSON.parse(text) as unknown) : text };
}

async function channels(): Promise<readonly Channel[]> {
  return ((await call('GET', '/channels')).body as { items: Channel[] }).items;
}
const atPath = (path: string) => web.received.filter((request) => request.path === path);

/** Everything the server wrote or answered, and what it tells about itself. */
async function everythingSaid(): Promise<string> {
  for (const path of ['/channels', '/channels/hook/dead-letters', '/audit', '/push', '/push/phones'])
    await call('GET', path);
  const metrics = await fetch(`${server.url}/metrics`);
  return [...said, ...server.lines, await metrics.text()].join('\n');
}

describe('alerts', () => {
  it('of one upload, five thousand of them, are one message for each person, mailbox, chat and device, and each an event for programs', async () => {
    const socket = await WsClient.connect(`${server.url.replace('http', 'ws')}/api/v1/ws/alerts`);
    const rows = Array.from({ length: PEOPLE }, (_, n) => uniform(`E${n}`, 1, `Team ${n % DEPARTMENTS}`));
    // Held back until all are raised, however long that takes: no group window passes amid the upload.
    const silence = await call('POST', '/silences', {
      ...{ matcher: { types: ['employee_stress', 'department_critical'] }, duration: '1h' },
      reason: 'Until all are raised',
    });
    expect(silence.status).toBe(201);
    expect(await client.upload(surveyCsv(rows))).toMatchObject({ status: 'completed' });
    const events = PEOPLE + DEPARTMENTS;
    const alerts = () => socket.alerts.filter(({ type }) => type !== 'silence_set');
    await socket.until(() => alerts().length >= events);
    expect(new Set(alerts().map(({ id }) => id)).size).toBe(events);
    await eventually(channels, (all) => all.every(({ lag }) => lag === 0));
    expect([web.received.length, pushService.received.length, mail.mails.length]).toEqual([0, 0, 0]);
    const { silence_id } = silence.body as { silence_id: string };
    expect(await call('DELETE', `/silences/${silence_id}`)).toMatchObject({ status: 204 });
    const settled = await eventually(channels, (all) =>
      all.every(({ name, lag, destinations }) =>
        destinations.every(({ delivered }) => lag === 0 && delivered >= (name === 'hook' ? DEPARTMENTS : 1)),
      ),
    );
    expect(settled.map(({ name, state, destinations }) => [name, state, destinations.length])).toEqual([
      ['chat', 'ok', 1],
      ['team', 'ok', 1],
      ['hook', 'ok', 1],
      ['mail', 'ok', RECIPIENTS.length],
      ['phones', 'ok', devices.length],
    ]);

    const [slack, ...moreSlack] = atPath(PATHS.slack);
    expect(slack?.body).toContain('20 critical departments, 5000 employees under stress');
    expect([moreSlack, atPath(PATHS.teams).length, atPath(PATHS.hook).length]).toEqual([[], 1, DEPARTMENTS]);
    expect(mail.mails.map(({ to }) => to[0]).sort()).toEqual([...RECIPIENTS].sort());
    expect(pushService.received.map(({ path }) => path).sort()).toEqual(
      devices.map(({ subscription }) => new URL(subscription.endpoint).pathname),
    );
    const [first] = pushService.received;
    const device = devices.find(({ subscription }) => subscription.endpoint.endsWith(first?.path ?? ''));
    if (!first || !device) throw new Error('nothing was pushed');
    expect(JSON.parse(readPush(first.bytes, device))).toMatchObject({ tone: 'critical' });
    await socket.close();

    // People's names and scores stay inside.
    const outside = [slack?.body, atPath(PATHS.teams)[0]?.body, ...mail.mails.map(({ raw }) => raw)];
    for (const text of outside) expect(text).not.toMatch(/E\d+\b(?!=)|100\.0|employee_id/);
  });

  it('that nobody takes tell no secret to anybody', async () => {
    web.answer = { status: 500, body: 'peer says slack-path-secret' };
    pushService.answer = 500;
    mail.refuseAt = { recipient: 451 };
    await client.upload(surveyCsv([uniform('E1', 1)]));
    const failing = await eventually(channels, (all) => all.every(({ state }) => state === 'failing'));
    expect(failing.map(({ state }) => state)).toEqual(Array.from(failing, () => 'failing'));
    await call('POST', '/channels/chat/test');
    await call('POST', '/channels/mail/test');
    await call('POST', '/channels/phones/test');
    web.answer = 400;
    await eventually(channels, (all) => all.find(({ name }) => name === 'hook')?.lag === 0);
    await Promise.all([web.stop(), mail.stop()]);
    await call('POST', '/channels/chat/test');
    await call('POST', '/channels/team/test');
    await call('POST', '/channels/mail/test');
    await call('POST', '/push/phones/subscriptions', { endpoint: 'http://endpoint-secret/', keys: {} });
    const everything = await everythingSaid();
    expect(everything).toContain('did not arrive');
    for (const secret of SECRETS) expect(everything).not.toContain(secret);
    web = await HttpSink.start();
    mail = await SmtpSink.start();
  });

  it('reach no device any more that its push service calls gone', async () => {
    pushService.answer = 410;
    await client.upload(surveyCsv([uniform('E1', 1)]));
    const phones = async () => (await channels()).find(({ name }) => name === 'phones')?.destinations.length;
    expect(await eventually(phones, (count) => count === 0)).toBe(0);
    // Subscribed again, the same device is told of what happens from then on.
    pushService.answer = 201;
    const [device] = devices;
    if (!device) throw new Error('there is no device');
    await subscribe(device.subscription);
    const before = pushService.received.length;
    await client.upload(surveyCsv([uniform('E2', 1, 'Legal')]));
    const [told] = (await pushService.first(before + 1)).slice(before);
    if (!told) throw new Error('nothing was pushed');
    expect(JSON.parse(readPush(told.bytes, device))).toMatchObject({
      title: '1 critical department, 1 employee under stress',
    });
  });
});
