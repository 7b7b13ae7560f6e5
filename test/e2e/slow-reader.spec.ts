import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestApp } from '../support/app/app.js';
import { eventually } from '../support/app/eventually.js';
import { scrape, valueOf } from '../support/clients/prometheus.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';
import { WsClient, type Frame } from '../support/clients/ws-client.js';

/** More than the kernel holds for a connection that nobody reads: each alert has two kilobytes. */
const ALERTS = 6_000;
const NAME = 'x'.repeat(1_990);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let app: TestApp;
let address: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  // The limit is beyond any pause of a busy machine, on which the quick readers of these tests run too.
  app = await TestApp.start({ DATA_DIR: folder.path, WS_HEARTBEAT: '1s', WS_STALL_LIMIT: '4s' });
  address = `${app.url.replace('http', 'ws')}/api/v1/ws/alerts`;
  await flood();
});
afterAll(async () => {
  await app.stop();
  await folder.remove();
});

/** Raises {@link ALERTS} alerts, none of a department. */
async function flood(): Promise<void> {
  const questions = Array.from({ length: 15 }, (_, n) => `Q${n + 1}`).join(',');
  const rows = Array.from({ length: ALERTS }, (_, n) => `E${n},2025-01-01,,${NAME},${'1,'.repeat(14)}1`);
  const { status } = await app.upload(
    [`employee_id,submission_date,department,name,${questions}`, ...rows, ''].join('\n'),
  );
  expect(status).toBe('completed');
}
const alertsOf = (frames: readonly Frame[]) => frames.filter(({ type }) => type === 'employee_stress');
const value = async (name: string, labels: Record<string, string>) =>
  valueOf(await scrape(app), `pulsewatch_${name}`, labels);
const stalls = (channel: string) => value('connection_errors_total', { channel, reason: 'slow_consumer' });

describe('a reader that stops', () => {
  it('is closed after the limit, and resumes without a gap', async () => {
    const quick = await WsClient.connect(`${address}?last_event_id=earliest`);
    const stalled = await WsClient.connect(`${address}?last_event_id=earliest`);
    stalled.socket.pause();
    await quick.until((frames) => alertsOf(frames).length === ALERTS);
    expect(await value('alert_reader_lag_events', { channel: 'websocket' })).toBeGreaterThan(0);
    expect(
      await eventually(
        () => stalls('websocket'),
        (seen) => seen === 1,
      ),
    ).toBe(1);
    stalled.socket.resume();
    await stalled.closed;
    expect(
      await eventually(
        () => value('replays_total', { outcome: 'interrupted' }),
        (seen) => seen === 1,
      ),
    ).toBe(1);
    const seen = alertsOf(stalled.frames);
    expect(seen.length).toBeLessThan(ALERTS);
    const again = await WsClient.connect(`${address}?last_event_id=${seen.at(-1)?.id ?? 'earliest'}`);
    await again.until((frames) => seen.length + alertsOf(frames).length === ALERTS);
    const ids = [...seen, ...alertsOf(again.frames)].map(({ id }) => id);
    expect(ids).toEqual(alertsOf(quick.frames).map(({ id }) => id));
    await Promise.all([again.close(), quick.close()]);
  });

  it('of a stream is closed after the limit too', async () => {
    // Nobody reads the body: no more is taken than the buffers hold.
    await fetch(`${app.url}/api/v1/alerts/stream?last_event_id=earliest`);
    expect(
      await eventually(
        () => stalls('sse'),
        (seen) => seen === 1,
      ),
    ).toBe(1);
  });

  it('is kept as long as it takes something, and gets everything in order', async () => {
    const quick = await WsClient.connect(`${address}?last_event_id=earliest`);
    const slow = await WsClient.connect(`${address}?last_event_id=earliest`);
    slow.socket.on('message', () => {
      // Reads a little at a time: each message makes it stop until the next turn.
      slow.socket.pause();
      setImmediate(() => slow.socket.resume());
    });
    await slow.until((frames) => alertsOf(frames).length === ALERTS);
    await quick.until((frames) => alertsOf(frames).length === ALERTS);
    expect(alertsOf(slow.frames)).toEqual(alertsOf(quick.frames));
    await Promise.all([slow.close(), quick.close()]);
  });
});
