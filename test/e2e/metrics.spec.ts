import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { TestApp } from '../support/app/app.js';
import { eventually } from '../support/app/eventually.js';
import { scrape, valueOf } from '../support/clients/prometheus.js';
import { clientFrame, rawHandshake } from '../support/clients/raw-socket.js';
import { SseClient } from '../support/clients/sse-client.js';
import { surveyCsv, uniform } from '../support/generators/survey.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';
import { WsClient } from '../support/clients/ws-client.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let app: TestApp;
let address: string;

async function start(variables: Record<string, string> = {}): Promise<void> {
  folder = await temporaryFolder();
  app = await TestApp.start({ DATA_DIR: folder.path, ...variables });
  address = `${app.url.replace('http', 'ws')}/api/v1/ws/alerts`;
}
afterEach(async () => {
  await app.stop();
  await folder.remove();
});

const value = async (name: string, labels: Record<string, string> = {}) =>
  valueOf(await scrape(app), `pulsewatch_${name}`, labels);
const active = () => value('connections_active');
const until = (name: string, labels: Record<string, string>, wanted: number) =>
  eventually(
    () => value(name, labels),
    (seen) => seen === wanted,
  );
const stream = (lastEventId?: string) => SseClient.connect(`${app.url}/api/v1/alerts/stream`, lastEventId);

describe('the metrics', () => {
  beforeEach(() => start());

  it('are text for Prometheus, with those of the process', async () => {
    const response = await app.request('/metrics');
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const samples = await scrape(app);
    expect(valueOf(samples, 'process_resident_memory_bytes')).toBeGreaterThan(1e7);
    expect(valueOf(samples, 'nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
  });

  it('count what uploads and alerts come to, by outcome, type and channel', async () => {
    const [socket, plain, sse] = [
      await WsClient.connect(address, ['alerts.v1']),
      await app.subscribe(),
      await stream(),
    ];
    const good = surveyCsv([uniform('E1', 1), uniform('E2', 1), uniform('E3', 9)]);
    await app.upload(good);
    await app.upload(
      surveyCsv([uniform('E1', 5, 'Sales', '2025-05-01'), uniform('E1', 5, 'Sales', '2025-05-01')]),
    );
    await app.upload('nothing\n1\n');
    await sse.until((frames) => frames.length === 6);
    await Promise.all([socket.flushed(), plain.flushed()]);
    const samples = await scrape(app);
    const of = (name: string, labels: Record<string, string> = {}) =>
      valueOf(samples, `pulsewatch_${name}`, labels);
    expect(of('uploads_total', { outcome: 'completed' })).toBe(2);
    expect(of('uploads_total', { outcome: 'failed' })).toBe(1);
    expect(of('upload_rows_total', { outcome: 'written' })).toBe(3);
    expect(of('upload_rows_total', { outcome: 'rejected' })).toBe(1);
    expect(of('upload_rows_total', { outcome: 'duplicate' })).toBe(1);
    expect(of('alerts_raised_total', { type: 'employee_stress' })).toBe(2);
    expect(of('alerts_raised_total', { type: 'department_critical' })).toBe(1);
    expect(of('alerts_cleared_total', { type: 'employee_stress' })).toBe(1);
    expect(of('alerts_sent_total', { type: 'employee_stress', channel: 'websocket' })).toBe(4);
    expect(of('alerts_sent_total', { type: 'alert_cleared', channel: 'websocket' })).toBe(1);
    expect(of('alerts_sent_total', { channel: 'sse' })).toBe(4);
    expect(of('append_to_socket_seconds_count')).toBeGreaterThanOrEqual(3);
    expect(of('append_to_socket_seconds_sum')).toBeGreaterThanOrEqual(0);
    expect(of('alert_log_head')).toBe(Number(socket.alerts.at(-1)?.id));
    expect(of('alert_reader_lag_events')).toBe(0);
    expect([
      of('connections_active', { channel: 'websocket' }),
      of('connections_active', { channel: 'sse' }),
    ]).toEqual([2, 1]);
    const text = await (await app.request('/metrics')).text();
    expect(text).not.toMatch(/E1|Sales/);
    await Promise.all([socket.close(), plain.close(), sse.close()]);
  });

  it('count replays by what came of them', async () => {
    await app.upload(surveyCsv([uniform('E1', 1)]));
    for (const id of ['earliest', '7', '999999999999999', 'garbage']) {
      const client = await WsClient.connect(`${address}?last_event_id=${id}`);
      await client.until((frames) =>
        frames.some(({ type }) => type === 'replay_complete' || type === 'snapshot'),
      );
      await client.close();
    }
    for (const outcome of ['complete', 'unknown_id', 'future_id', 'invalid_id'])
      expect([outcome, await value('replays_total', { outcome })]).toEqual([outcome, 1]);
  });
});

describe('the count of connections', () => {
  it.each<[string, (client: WsClient) => unknown, string | undefined]>([
    ['a goodbye', (client) => client.socket.close(), undefined],
    ['a break', (client) => client.socket.terminate(), undefined],
    ['binary data', (client) => client.socket.send(Buffer.from([1])), 'binary'],
    ['too long a message', (client) => client.socket.send('x'.repeat(5_000)), 'too_big'],
  ])('returns to zero after %s', async (_, end, reason) => {
    await start();
    const client = await app.subscribe();
    expect(await active()).toBe(1);
    end(client);
    await until('connections_active', {}, 0);
    expect([await active(), await value('connection_duration_seconds_count')]).toEqual([0, 1]);
    if (reason !== undefined) expect(await value('connection_errors_total', { reason })).toBe(1);
  });

  it.each<[string, Buffer, string]>([
    ['bad UTF-8', clientFrame(1, Buffer.from([0xff])), 'bad_utf8'],
    ['a frame without a mask', Buffer.from([0x81, 0x01, 0x61]), 'protocol'],
    [
      'many fragments',
      Buffer.concat([
        clientFrame(1, 'a', false),
        ...Array.from({ length: 20 }, () => clientFrame(0, 'a', false)),
      ]),
      'too_many_fragments',
    ],
  ])('returns to zero after %s', async (_, bytes, reason) => {
    await start();
    const socket = await rawHandshake(address);
    socket.resume();
    await until('connections_active', {}, 1);
    socket.write(bytes);
    await until('connections_active', {}, 0);
    expect([await active(), await value('connection_errors_total', { reason })]).toEqual([0, 1]);
    socket.destroy();
  });

  it('returns to zero when a peer is dead, and when a stream is broken off', async () => {
    await start({ WS_HEARTBEAT: '100ms' });
    const dead = await rawHandshake(address);
    dead.resume();
    const sse = await stream();
    await sse.close();
    await once(dead, 'close');
    await until('connections_active', {}, 0);
    expect([await active(), await value('connection_errors_total', { reason: 'dead_peer' })]).toEqual([0, 1]);
    for (const channel of ['websocket', 'sse'])
      expect(await value('connection_duration_seconds_count', { channel })).toBe(1);
  });

  it('tells of those that were refused', async () => {
    await start({ WS_MAX_CONNECTIONS: '1' });
    const client = await app.subscribe();
    for (const url of [address, address.replace('alerts', 'others')]) await once(new WebSocket(url), 'error');
    for (const reason of ['full', 'no_such_path'])
      expect([reason, await value('connection_errors_total', { reason })]).toEqual([reason, 1]);
    await client.close();
  });
});
