import { afterEach, beforeEach, expect, it } from '@jest/globals';
import type { Failpoint } from '../../src/lib/failpoints.js';
import { channelsFile, webhook } from '../support/app/channels-file.js';
import { eventually } from '../support/app/eventually.js';
import { HttpSink, type Received } from '../support/servers/http-sink.js';
import { ServerClient } from '../support/app/server-client.js';
import { ServerProcess } from '../support/app/server-process.js';
import { onEachStorage, type Installation } from '../support/storage/storages.js';
import { surveyCsv, uniform } from '../support/generators/survey.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';

const PEOPLE = 5;
/** And their department. */
const EVENTS = PEOPLE + 1;
const SURVEY = surveyCsv(Array.from({ length: PEOPLE }, (_, n) => uniform(`E${n}`, 1)));

/** The ids of the events in a call. */
function idsIn({ body }: Received): string[] {
  const message = JSON.parse(body) as { id?: string; data: { alerts?: { id: string }[] } };
  return message.data.alerts?.map(({ id }) => id) ?? [message.id ?? ''];
}
const idOf = ({ headers }: Received) => String(headers['webhook-id']);
const keyOf = (request: Received) => `${idOf(request)} ${request.body}`;

onEachStorage('kill −9 amid delivery, on %s', (install) => {
  let installation: Installation;
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let sink: HttpSink;
  let server: ServerProcess;
  beforeEach(async () => {
    [installation, folder, sink] = await Promise.all([install(), temporaryFolder(), HttpSink.start()]);
  });
  afterEach(async () => {
    await server.end('SIGKILL');
    await sink.stop();
    await installation.remove();
    await folder.remove();
  });

  async function start(crashAt: string, routes?: object[]): Promise<ServerClient> {
    server = await ServerProcess.start({
      ...installation.variables,
      ...(await channelsFile(folder.path, [webhook('hook', sink.url)], routes)),
      PULSEWATCH_TEST_CRASH_AT: crashAt,
    });
    return new ServerClient(server.url);
  }

  /** Dies at the point, and is started again. */
  async function crash(point: Failpoint, passes: number): Promise<ServerClient> {
    const client = await start(`${point}:${passes}`);
    void client.post(SURVEY).catch(() => undefined);
    expect(await server.ended).toEqual({ code: null, signal: 'SIGKILL' });
    return start('');
  }

  /**
   * Dies at the point when the receiver is notified of all events at once, and is started again. A silence holds them
   * back until all are raised, however long that takes: no group window passes amid the upload.
   */
  async function crashWithAll(point: Failpoint, routes: object[]): Promise<ServerClient> {
    const client = await start(`${point}:1`, routes);
    const response = await client.request('/api/v1/silences', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        ...{ matcher: { types: ['employee_stress', 'department_critical'] }, duration: '1h' },
        reason: 'Until all are raised',
      }),
    });
    expect(response.status).toBe(201);
    const { silence_id } = (await response.json()) as { silence_id: string };
    await client.upload(SURVEY);
    await settled(client);
    expect(sink.received).toEqual([]);
    void client.request(`/api/v1/silences/${silence_id}`, { method: 'DELETE' }).catch(() => undefined);
    expect(await server.ended).toEqual({ code: null, signal: 'SIGKILL' });
    return start('', routes);
  }

  const hook = (client: ServerClient) => client.get<{ lag: number; dead_letters: number }>('/channels/hook');
  /** The ids of the alerts, in their order. */
  async function log(client: ServerClient): Promise<string[]> {
    const { items } = await client.get<{ items: { id: string; type: string }[] }>('/alerts?after=earliest');
    return items.filter(({ type }) => !type.startsWith('silence_')).map(({ id }) => id);
  }
  const settled = (client: ServerClient) =>
    eventually(
      async () => [(await log(client)).length, (await hook(client)).lag],
      ([events, lag]) => events === EVENTS && lag === 0,
    );

  it('at channel.sent repeats one message, and it is the same', async () => {
    const client = await crash('channel.sent', 3);
    await settled(client);
    const ids = sink.received.flatMap(idsIn);
    expect([...new Set(ids)]).toEqual(await log(client));
    expect(ids).toHaveLength(EVENTS + 1);
    expect(new Set(sink.received.map(keyOf)).size).toBe(EVENTS);
  });

  it.each<[Failpoint, number]>([
    ['channel.prepared', 1],
    ['channel.sent', 2],
  ])('at %s sends what was gathered as it was put together, %d times in all', async (point, times) => {
    const client = await crashWithAll(point, [{ to: ['hook'], group_window: '1s' }]);
    await settled(client);
    expect([...new Set(sink.received.flatMap(idsIn))]).toEqual(await log(client));
    expect(sink.received).toHaveLength(times);
    expect(new Set(sink.received.map(keyOf)).size).toBe(1);
  });

  it('at channel.dead_lettered keeps one dead letter of each message', async () => {
    sink.answer = 400;
    const client = await crash('channel.dead_lettered', 3);
    await settled(client);
    expect((await hook(client)).dead_letters).toBe(EVENTS);
    sink.answer = 200;
    const before = sink.received.length;
    await client.request('/api/v1/channels/hook/dead-letters/redrive', { method: 'POST' });
    await eventually(
      () => hook(client),
      ({ dead_letters }) => dead_letters === 0,
    );
    const told = sink.received.slice(before);
    expect(told.flatMap(idsIn)).toEqual(await log(client));
    expect(told.map(idOf)).toEqual([...new Set(sink.received.slice(0, before).map(idOf))]);
  });
});
