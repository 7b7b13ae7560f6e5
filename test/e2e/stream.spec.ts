import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestApp } from '../support/app/app.js';
import { SseClient } from '../support/clients/sse-client.js';
import { surveyCsv, uniform } from '../support/generators/survey.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';
import type { Frame } from '../support/clients/ws-client.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let app: TestApp;

async function start(variables: Record<string, string> = {}): Promise<void> {
  folder = await temporaryFolder();
  app = await TestApp.start({ DATA_DIR: folder.path, ...variables });
}
afterEach(async () => {
  await app.stop();
  await folder.remove();
});

const stream = (query = '', lastEventId?: string) =>
  SseClient.connect(`${app.url}/api/v1/alerts/stream${query}`, lastEventId);
const raise = (count: number, prefix: string, department = 'Sales') =>
  app.upload(surveyCsv(Array.from({ length: count }, (_, n) => uniform(`${prefix}${n}`, 1, department))));
const log = async () => (await app.json<{ items: Frame[] }>('GET', '/alerts?after=earliest&limit=500')).items;
const alertsOf = (frames: readonly Frame[]) =>
  frames.filter(({ type }) => ['employee_stress', 'department_critical', 'alert_cleared'].includes(type));

describe('the event stream', () => {
  beforeEach(() => start());

  it('greets, says where it begins, and sends each alert with its id and type', async () => {
    const client = await stream();
    expect(client.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(client.response.headers.get('cache-control')).toBe('no-store');
    await raise(2, 'E');
    await app.upload(surveyCsv([uniform('E0', 5, 'Sales', '2025-09-01')]));
    await client.until((frames) => alertsOf(frames).length === 4);
    const events = await log();
    expect(client.frames).toEqual([
      expect.objectContaining({ type: 'connection' }),
      { type: 'position', timestamp: expect.any(String), id: String(Number(events[0]?.id) - 1) },
      ...events,
    ]);
    expect(client.events.slice(2).map(({ id, event }) => [id, event])).toEqual(
      events.map(({ id, type }) => [id, type]),
    );
    await client.close();
  });

  it('goes on where a client that comes back left off, by header before query', async () => {
    await raise(3, 'A');
    const [first, second] = await log();
    for (const client of [
      await stream('', first?.id),
      await stream(`?last_event_id=${first?.id}`),
      await stream(`?last_event_id=${second?.id}`, first?.id),
    ]) {
      await client.until((frames) => frames.some(({ type }) => type === 'replay_complete'));
      expect(alertsOf(client.frames)).toEqual(
        (await log()).slice(1).map((event) => ({ ...event, replayed: true })),
      );
      expect(client.frames.at(-1)).toMatchObject({ type: 'replay_complete', count: 3 });
      await client.close();
    }
  });

  it('narrows by type and department', async () => {
    const client = await stream('?types=employee_stress&departments=legal');
    await raise(1, 'S', 'Sales');
    await raise(1, 'L', 'Legal');
    await client.until((frames) => alertsOf(frames).length === 1);
    expect(alertsOf(client.frames)).toMatchObject([{ data: { employee_id: 'L0' } }]);
    await client.close();
  });

  it.each([
    ['7', 'unknown_id'],
    ['999999999999999', 'future_id'],
    ['garbage', 'invalid_id'],
    ['9'.repeat(5_000), 'invalid_id'],
  ])('answers the id %.20s with a snapshot: %s', async (id, reason) => {
    await raise(2, 'A');
    const client = await stream('', id);
    await client.until((frames) => frames.length === 2);
    const events = await log();
    expect(client.frames[1]).toMatchObject({ type: 'snapshot', reason, data: { active: events } });
    expect(client.events[1]?.id).toBe(events.at(-1)?.id);
    await client.close();
  });

  it('answers HEAD with no body, and a stop with an end that can be resumed', async () => {
    const head = await app.request('/api/v1/alerts/stream', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    const client = await stream();
    await raise(1, 'A');
    const last = (await log()).at(-1)?.id;
    await client.until((frames) => frames.at(-1)?.id === last);
    app = await app.restart();
    await client.ended;
    await raise(1, 'B');
    const again = await stream('', last);
    await again.until((frames) => frames.some(({ type }) => type === 'replay_complete'));
    expect(alertsOf(again.frames)).toMatchObject([{ data: { employee_id: 'B0' } }]);
    await again.close();
  });
});

describe('the limit of subscribers', () => {
  it('counts streams and sockets together', async () => {
    await start({ WS_MAX_CONNECTIONS: '2' });
    const [one, other] = [await stream(), await app.subscribe()];
    const refused = await app.request('/api/v1/alerts/stream');
    expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toMatchObject([
      503,
      '5',
      { code: 'too_many_connections' },
    ]);
    await Promise.all([one.close(), other.close()]);
  });
});
