import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { TestApp } from '../support/app/app.js';
import { clientFrame, rawHandshake, serverTexts } from '../support/clients/raw-socket.js';
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

/** The HTTP status with which an upgrade is refused. */
async function refusal(url: string): Promise<number> {
  const socket = new WebSocket(url);
  const [error] = (await once(socket, 'error')) as [Error];
  return Number(/\d{3}/.exec(error.message)?.[0]);
}

describe('the WebSocket', () => {
  beforeEach(() => start());

  it('greets first, answers both forms of ping, and ignores everything else', async () => {
    const client = await app.subscribe();
    for (const text of [
      'garbage',
      '{',
      '{"type":"subscribe"}',
      'null',
      '['.repeat(2000),
      '{"type":{"a":1}}',
      '',
    ])
      client.socket.send(text);
    client.socket.send('{"type":"ping"}');
    await client.flushed();
    expect(client.frames).toEqual([
      {
        type: 'connection',
        message: 'Connected to risk monitoring alerts',
        timestamp: expect.stringMatching(/\+00:00$/),
      },
      { type: 'pong', timestamp: expect.any(String) },
      { type: 'pong', timestamp: expect.any(String) },
    ]);
    await client.close();
  });

  it.each([
    [1003, (socket: WebSocket) => socket.send(Buffer.from([1, 2, 3]))],
    [1009, (socket: WebSocket) => socket.send('x'.repeat(5000))],
  ])('closes with %d', async (code, misbehave) => {
    const client = await app.subscribe();
    misbehave(client.socket);
    expect((await client.closed).code).toBe(code);
  });

  it.each([
    ['bad UTF-8', [clientFrame(1, Buffer.from([0xff, 0xfe]))], 1007],
    [
      'a flood of fragments',
      [clientFrame(1, 'a', false), ...Array.from({ length: 20 }, () => clientFrame(0, 'a', false))],
      1008,
    ],
    ['a frame without a mask', [Buffer.from([0x81, 0x01, 0x61])], 1002],
  ])('closes on %s', async (_, frames, code) => {
    const socket = await rawHandshake(address);
    const received: Buffer[] = [];
    socket.on('data', (data: Buffer) => received.push(data));
    socket.write(Buffer.concat(frames));
    await once(socket, 'end');
    socket.destroy();
    const all = Buffer.concat(received);
    const close = all.indexOf(Buffer.from([0x88]), all.indexOf('\r\n\r\n'));
    expect(all.readUInt16BE(close + 2)).toBe(code);
  });

  it('handles a frame that came in one segment with the upgrade', async () => {
    const socket = await rawHandshake(address, clientFrame(1, 'ping'));
    let received = Buffer.alloc(0);
    while (serverTexts(received).length < 2) {
      const data: unknown = socket.read();
      if (Buffer.isBuffer(data)) received = Buffer.concat([received, data]);
      else await once(socket, 'readable');
    }
    expect(serverTexts(received).map((text) => (JSON.parse(text) as { type: string }).type)).toEqual([
      'connection',
      'pong',
    ]);
    socket.destroy();
  });

  it('is at one path only', async () => {
    expect(await refusal(address.replace('alerts', 'other'))).toBe(404);
    expect(await refusal(`${address}/`)).toBe(404);
  });

  it('agrees on no subprotocol that it does not speak', async () => {
    const socket = new WebSocket(address, ['chat']);
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error.message).toContain('subprotocol');
  });

  it('says goodbye with 1001 when the server stops', async () => {
    const client = await app.subscribe();
    await app.stop();
    expect(await client.closed).toEqual({
      code: 1001,
      reason: 'The server is going away; reconnect with the last id',
    });
  });

  it('lets nobody wait for a reader that has stopped, who gets everything once it reads again', async () => {
    const [slow, quick] = await Promise.all([app.subscribe(), app.subscribe()]);
    slow.socket.pause();
    for (let round = 0; round < 6; round += 1) {
      await app.upload(
        surveyCsv(
          Array.from({ length: 2_000 }, (_, n) => uniform(`R${round}-${n}`, 1, `Department ${round}`)),
        ),
      );
      await quick.until(() => quick.alerts.length >= (round + 1) * 2_001);
    }
    const ids = quick.alerts.map(({ id }) => id);
    expect(ids).toHaveLength(12_006);
    slow.socket.resume();
    await slow.until(() => slow.alerts.length >= ids.length);
    expect(slow.alerts.map(({ id }) => id)).toEqual(ids);
    await Promise.all([slow.close(), quick.close()]);
  });
});

describe('the limits of the WebSocket', () => {
  it('end a peer that does not answer pings, and keep one that does', async () => {
    await start({ WS_HEARTBEAT: '100ms' });
    const alive = await app.subscribe();
    const pings = { count: 0 };
    alive.socket.on('ping', () => (pings.count += 1));
    const dead = await rawHandshake(address);
    dead.resume();
    await once(dead, 'close');
    expect(pings.count).toBeGreaterThan(0);
    await alive.flushed();
    await alive.close();
  });

  it('refuse a connection too many, and take one again when there is room', async () => {
    await start({ WS_MAX_CONNECTIONS: '1' });
    const first = await app.subscribe();
    expect(await refusal(address)).toBe(503);
    await first.close();
    for (;;) {
      const next = await WsClient.connect(address).catch(() => undefined);
      if (!next) continue;
      await next.close();
      break;
    }
  });
});
