import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { CrashPoint } from '../../src/lib/failpoints.js';
import { channelsFile, webhook } from '../support/app/channels-file.js';
import { eventually } from '../support/app/eventually.js';
import { HttpSink, type Received } from '../support/servers/http-sink.js';
import { ServerClient } from '../support/app/server-client.js';
import { ServerProcess } from '../support/app/server-process.js';
import { INSTALLATIONS, type Installation } from '../support/storage/storages.js';
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

describe.each(Object.entries(INSTALLATIONS))('kill −9 amid delivery, on %s', (_, install) => {
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
  async function crash(point: CrashPoint, passes: number, routes?: object[]): Promise<ServerClient> {
    const client = await start(`${point}:${passes}`, routes);
    void client.post(SURVEY).catch(() => undefined);
    expect(await server.ended).toEqual({ code: null, signal: 'SIGKILL' });
    return start('', routes);
  }

  const hook = (client: ServerClient) => client.get<{ lag: number; dead_letters: number }>('/channels/hook');
  async function log(client: ServerClient): Promise<string[]> {
    const { items } = await client.get<{ items: { id: string }[] }>('/alerts?after=earliest');
    return items.map(({ id }) => id);
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

  it.each<[CrashPoint, number]>([
    ['channel.prepared', 1],
    ['channel.sent', 2],
  ])('at %s sends what was gathered as it was put together, %d times in all', async (point, times) => {
    const client = await crash(point, 1, [{ to: ['hook'], group_window: '1s' }]);
    await settled(client);
    expect([...new Set(sink.received.flatMap(idsIn))]).toEqual(await log(client));
    expect(sink.received).toHaveLength(times);
    expect(new Set(sink.received.map(keyOf)).size).toBe(1);
  });

  it('at channel.buried keeps one dead letter of each message', async () => {
    sink.answer = 400;
    const client = await crash('channel.buried', 3);
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
