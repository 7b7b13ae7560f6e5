import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { TestApp } from '../support/app/app.js';
import { channelsFile, webhook, WEBHOOK_SECRET } from '../support/app/channels-file.js';
import { eventually } from '../support/app/eventually.js';
import { HttpSink, type Received } from '../support/servers/http-sink.js';
import { surveyCsv, uniform } from '../support/generators/survey.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';
import { onEachStorage, type Installation } from '../support/storage/storages.js';

interface Message {
  readonly type: string;
  readonly id: string;
  readonly data: Record<string, unknown>;
}
const messageOf = ({ body }: Pick<Received, 'body'>) => JSON.parse(body) as Message;
const idsOf = (received: readonly Received[]) => received.map((each) => messageOf(each).id);

interface Channel {
  name: string;
  state: string;
  lag: number;
  dead_letters: number;
  destinations: { delivered: number; last_error: { reason: string } | null }[];
}

/** One row a person: 1 is as stressed as can be, 5 not at all. */
const survey = (answers: Readonly<Record<string, number>>, date = '2025-01-01'): string =>
  surveyCsv(Object.entries(answers).map(([id, answer]) => uniform(id, answer, 'Sales', date)));

/** Channels through the whole application: what is raised by an upload arrives outside. */
onEachStorage('channels on %s', (install) => {
  let installation: Installation;
  let sink: HttpSink;
  let app: TestApp;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  beforeEach(async () => {
    [installation, sink, folder] = await Promise.all([install(), HttpSink.start(), temporaryFolder()]);
  });
  afterEach(async () => {
    await app.stop();
    await sink.stop();
    await installation.remove();
    await folder.remove();
  });

  const start = async (receivers: object[], routes?: object[]): Promise<void> => {
    app = await TestApp.start({
      ...installation.variables,
      ...(await channelsFile(folder.path, receivers, routes)),
    });
  };
  const log = async (): Promise<string[]> =>
    (await app.json<{ items: Message[] }>('GET', '/alerts?after=earliest&limit=500')).items.map(
      ({ id }) => id,
    );
  const channel = (name = 'hook') => app.json<Channel>('GET', `/channels/${name}`);
  const settled = (name = 'hook') =>
    eventually(
      () => channel(name),
      ({ lag }) => lag === 0,
    );

  it('tell a webhook every event once, in order, signed, in the form of the WebSocket', async () => {
    await start([webhook('hook', sink.url)]);
    await app.upload(survey({ E1: 1, E2: 1, E3: 5 }));
    await app.upload(survey({ E1: 5 }, '2025-02-01'));
    await settled();
    const ids = await log();
    expect(ids.length).toBeGreaterThan(2);
    expect(idsOf(sink.received)).toEqual(ids);
    const client = await app.json<{ items: Message[] }>('GET', '/alerts?after=earliest');
    expect(sink.received.map(messageOf)).toEqual(client.items);
    const verifier = new Webhook(WEBHOOK_SECRET);
    for (const { headers, body } of sink.received)
      expect(verifier.verify(body, headers as Record<string, string>)).toEqual(JSON.parse(body));
    expect(new Set(sink.received.map(({ headers }) => headers['webhook-id'])).size).toBe(ids.length);
    expect(await channel()).toMatchObject({ state: 'ok', lag: 0, dead_letters: 0, kind: 'webhook' });
  });

  it('hold what happens while a receiver is down or Pulsewatch restarts, and tell it afterwards, in order', async () => {
    await start([webhook('hook', sink.url, { retry_max: '1s' })]);
    sink.answer = 503;
    await app.upload(survey({ E1: 1 }));
    await sink.first(1);
    await app.upload(survey({ E1: 5 }, '2025-02-01'));
    const failing = await eventually(channel, ({ state }) => state === 'failing');
    expect(failing.destinations[0]?.last_error).toMatchObject({ reason: 'HTTP 503' });
    app = await app.restart();
    await app.upload(survey({ E1: 1 }, '2025-03-01'));
    sink.answer = 200;
    await settled();
    const delivered = sink.received.slice(-(await log()).length);
    expect(idsOf(delivered)).toEqual(await log());
    expect(delivered.map((each) => messageOf(each).type)).toEqual(
      expect.arrayContaining(['employee_stress', 'alert_cleared']),
    );
  });

  it('keep dead letters, and deliver them when asked to', async () => {
    await start([webhook('hook', sink.url)]);
    sink.next(400);
    await app.upload(survey({ E1: 1 }));
    const { dead_letters } = await settled();
    expect(dead_letters).toBe(1);
    const letters = await app.json<{ items: { key: string; reason: string; first_event_id: string }[] }>(
      'GET',
      '/channels/hook/dead-letters',
    );
    expect(letters.items).toEqual([expect.objectContaining({ reason: 'HTTP 400' })]);
    const before = sink.received.length;
    expect(await app.json('POST', '/channels/hook/dead-letters/redrive')).toEqual({ redriven: 1 });
    const again = (await sink.first(before + 1)).at(-1);
    expect(again && messageOf(again).id).toBe(letters.items[0]?.first_event_id);
    expect(again?.headers['webhook-id']).toBe(sink.received[0]?.headers['webhook-id']);
    expect(await eventually(channel, ({ dead_letters: left }) => left === 0)).toMatchObject({
      dead_letters: 0,
    });
  });

  it('stop where an address is gone, until somebody resumes them', async () => {
    await start([webhook('hook', sink.url)]);
    sink.answer = 410;
    await app.upload(survey({ E1: 1 }));
    expect(await eventually(channel, ({ state }) => state === 'stopped')).toMatchObject({
      state: 'stopped',
    });
    sink.answer = 200;
    await app.json('POST', '/channels/hook/resume');
    await settled();
    expect(idsOf(sink.received.slice(1))).toEqual(await log());
  });

  it('send a test message, and say what became of it', async () => {
    await start([webhook('hook', sink.url)]);
    expect(await app.json('POST', '/channels/hook/test')).toEqual({
      delivered: true,
      destinations: [{ name: 'hook', delivered: true, reason: null, retryable: false }],
    });
    expect(messageOf((await sink.first(1))[0] ?? { body: '{}' }).type).toBe('test');
    sink.answer = 404;
    expect(await app.json('POST', '/channels/hook/test')).toMatchObject({
      delivered: false,
      destinations: [{ delivered: false, reason: 'HTTP 404', retryable: false }],
    });
    expect((await app.request('/api/v1/channels/none/test', { method: 'POST' })).status).toBe(404);
    expect(await channel()).toMatchObject({ state: 'ok', dead_letters: 0 });
  });

  it('show no secret and no address anywhere', async () => {
    await start([webhook('hook', `${sink.url}/very-secret-path?sig=abc`)]);
    sink.answer = 500;
    await app.upload(survey({ E1: 1 }));
    await eventually(channel, ({ state }) => state === 'failing');
    const shown = JSON.stringify([
      await app.json('GET', '/channels'),
      await app.json('POST', '/channels/hook/test'),
      await (await app.request('/metrics')).text(),
    ]);
    for (const secret of ['very-secret', 'sig=abc', WEBHOOK_SECRET.slice(6), String(sink.port)])
      expect(shown).not.toContain(secret);
    expect(shown).toContain('pulsewatch_notifications_total');
  });
});
