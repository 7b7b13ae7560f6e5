import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestApp } from '../support/app/app.js';
import { Random } from '../support/generators/random.js';
import { surveyCsv, uniform } from '../support/generators/survey.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';
import { WsClient, type Frame } from '../support/clients/ws-client.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let app: TestApp;

beforeEach(async () => {
  folder = await temporaryFolder();
  app = await TestApp.start({ DATA_DIR: folder.path, WS_HEARTBEAT: '1s' });
});
afterEach(async () => {
  await app.stop();
  await folder.remove();
});

const connect = (query: string, protocols: string[] = []) =>
  WsClient.connect(`${app.url.replace('http', 'ws')}/api/v1/ws/alerts${query}`, protocols);
const raise = (count: number, prefix: string, department = 'Sales') =>
  app.upload(surveyCsv(Array.from({ length: count }, (_, n) => uniform(`${prefix}${n}`, 1, department))));
const eventsOf = (frames: readonly Frame[]) =>
  frames.filter(({ type }) => ['employee_stress', 'department_critical', 'alert_cleared'].includes(type));

/** The whole log, oldest first, as REST tells it. */
async function log(): Promise<Frame[]> {
  const items: Frame[] = [];
  let cursor = '';
  do {
    const page = await app.json<{ items: Frame[]; next_cursor: string | null }>(
      'GET',
      `/alerts?limit=500${cursor}`,
    );
    items.push(...page.items);
    cursor = page.next_cursor === null ? '' : `&cursor=${page.next_cursor}`;
  } while (cursor !== '');
  return items.reverse();
}

describe('resuming', () => {
  it('replays everything after an id, marks where the replay ends, and goes on live', async () => {
    await raise(3, 'A');
    const before = await log();
    const [first] = before;
    const client = await connect(`?last_event_id=${first?.id}`);
    await raise(1, 'B');
    await client.until((frames) => eventsOf(frames).length === 4);
    const frames = client.frames.filter(({ type }) => type !== 'position');
    expect(frames).toEqual([
      expect.objectContaining({ type: 'connection' }),
      ...before.slice(1).map((event) => ({ ...event, replayed: true })),
      { type: 'replay_complete', timestamp: expect.any(String), count: 3, id: before.at(-1)?.id },
      (await log()).at(-1),
    ]);
    await client.close();
  });

  it.each(['earliest', '0'])('replays from the beginning after %s, also after a restart', async (id) => {
    await raise(2, 'A');
    app = await app.restart();
    const client = await connect(`?last_event_id=${id}`);
    await client.until((frames) => frames.some(({ type }) => type === 'replay_complete'));
    expect(eventsOf(client.frames)).toEqual((await log()).map((event) => ({ ...event, replayed: true })));
    await client.close();
  });

  it('sends clears to v1 clients and nothing of the kind to plain ones', async () => {
    const [plain, v1] = await Promise.all([connect(''), connect('', ['alerts.v1'])]);
    expect(v1.socket.protocol).toBe('alerts.v1');
    await raise(1, 'E');
    await app.upload(surveyCsv([uniform('E0', 5, 'Sales', '2025-09-01')]));
    await Promise.all([plain.flushed(), v1.flushed()]);
    expect(plain.frames.map(({ type }) => type)).toEqual([
      'connection',
      'employee_stress',
      'department_critical',
      'pong',
    ]);
    const raised = eventsOf(v1.frames)[0];
    expect(eventsOf(v1.frames).slice(2)).toMatchObject([
      {
        type: 'alert_cleared',
        data: {
          alert: 'employee_stress',
          employee_id: 'E0',
          stress_rate: 0,
          raised_id: raised?.id,
          reason: 'recovered',
        },
      },
      {
        type: 'alert_cleared',
        data: {
          alert: 'department_critical',
          department_id: 'dept-sales',
          overall_risk: 'healthy',
          reason: 'recovered',
        },
      },
    ]);
    await Promise.all([plain.close(), v1.close()]);
  });

  it.each([
    ['7', 'unknown_id'],
    ['999999999999999', 'future_id'],
    ['garbage', 'invalid_id'],
    ['-1', 'invalid_id'],
    ['9'.repeat(5000), 'invalid_id'],
    ['', 'invalid_id'],
  ])('answers the id %.20s with a snapshot: %s', async (id, reason) => {
    await raise(2, 'A');
    const client = await connect(`?last_event_id=${id}`);
    await raise(1, 'B', 'Legal');
    await client.until((frames) => eventsOf(frames).length === 2);
    const [, snapshot, ...live] = client.frames.filter(({ type }) => type !== 'position');
    const events = await log();
    expect(snapshot).toEqual({
      type: 'snapshot',
      timestamp: expect.any(String),
      reason,
      id: events[2]?.id,
      data: { active: events.slice(0, 3) },
    });
    expect(live).toEqual(events.slice(3));
    await client.close();
  });

  it('narrows by type and department, from the address and by message', async () => {
    const byAddress = await connect('?types=employee_stress&departments=sales');
    const byMessage = await connect('?v=1');
    byMessage.socket.send(JSON.stringify({ type: 'filter', data: { departments: ['LEGAL'] } }));
    await byMessage.flushed();
    await raise(1, 'S', 'Sales');
    await raise(1, 'L', 'Legal');
    await Promise.all([byAddress.flushed(), byMessage.flushed()]);
    expect(eventsOf(byAddress.frames).map(({ type, data }) => [type, data?.employee_id])).toEqual([
      ['employee_stress', 'S0'],
    ]);
    expect(eventsOf(byMessage.frames).map(({ type }) => type)).toEqual([
      'employee_stress',
      'department_critical',
    ]);
    await Promise.all([byAddress.close(), byMessage.close()]);
  });

  it('tells filtered and idle clients where they stand, and v1 clients what cannot be understood', async () => {
    const client = await connect('?types=department_critical&departments=none');
    await raise(2, 'A');
    const newest = (await log()).at(-1)?.id;
    await client.until((frames) => frames.some(({ type, id }) => type === 'position' && id === newest));
    client.socket.send('what?');
    client.socket.send('{"type":"filter","data":{"types":"all"}}');
    client.socket.send('{"type":"filter"}');
    await client.until((frames) => frames.filter(({ type }) => type === 'error').length === 3);
    expect(client.frames.filter(({ type }) => type === 'error').map(({ code }) => code)).toEqual([
      'unknown_message',
      'bad_filter',
      'bad_filter',
    ]);
    await client.close();
  });

  it('gives every client the whole log, whenever it comes, goes and comes back', async () => {
    const random = new Random(31);
    const received = Array.from({ length: 8 }, (): Frame[] => []);
    const follow = async (mine: Frame[], isLast: () => boolean): Promise<void> => {
      do {
        const client = await connect(`?last_event_id=${mine.at(-1)?.id ?? 'earliest'}`);
        const wanted = random.whole(1, 300);
        await client.until((frames) => isLast() || eventsOf(frames).length >= wanted);
        mine.push(...eventsOf(client.frames));
        await client.close();
      } while (!isLast());
      const client = await connect(`?last_event_id=${mine.at(-1)?.id ?? 'earliest'}`);
      await client.until((frames) => frames.some(({ type }) => type === 'replay_complete'));
      mine.push(...eventsOf(client.frames));
      await client.close();
    };
    let isDone = false;
    const followers = received.map((mine) => follow(mine, () => isDone));
    for (let round = 0; round < 5; round += 1) await raise(200, `R${round}-`, `Department ${round}`);
    // The next position, at the latest, makes the followers look.
    isDone = true;
    await Promise.all(followers);
    const ids = (await log()).map(({ id }) => id);
    expect(ids).toHaveLength(1_005);
    for (const mine of received) expect(mine.map(({ id }) => id)).toEqual(ids);
  });
});
