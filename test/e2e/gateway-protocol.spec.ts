import { once } from 'node:events';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestApp } from '../support/app/app.js';
import { answerOf, openRequest } from '../support/clients/raw-http.js';
import { clientFrame, rawHandshake, serverTexts } from '../support/clients/raw-socket.js';
import { surveyCsv, uniform } from '../support/generators/survey.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';
import { WsClient } from '../support/clients/ws-client.js';

const PATH = '/api/v1/ws/alerts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let app: TestApp;
let address: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  app = await TestApp.start({ DATA_DIR: folder.path, ALERT_TIMEZONE: 'Asia/Kolkata' });
  address = app.url.replace('http', 'ws') + PATH;
});
afterAll(async () => {
  await app.stop();
  await folder.remove();
});

/** Reads until the bytes satisfy. */
async function readUntil(socket: Socket, satisfies: (received: Buffer) => boolean): Promise<Buffer> {
  let received = Buffer.alloc(0);
  while (!satisfies(received)) {
    const data: unknown = socket.read();
    if (Buffer.isBuffer(data)) received = Buffer.concat([received, data]);
    else await once(socket, 'readable');
  }
  return received;
}
const types = (received: Buffer) =>
  serverTexts(received).map((text) => (JSON.parse(text) as { type: string }).type);

describe('the handshake', () => {
  const handshake = (...headers: string[]) =>
    answerOf(
      openRequest(app.url, {
        path: PATH,
        headers: ['Connection: Upgrade', 'Upgrade: websocket', ...headers],
      }),
    );

  it.each([
    ['without a key', ['Sec-WebSocket-Version: 13'], 400],
    ['with a key that is none', ['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: x'], 400],
    ['of another version', ['Sec-WebSocket-Version: 99', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='], 400],
  ])('%s is refused, and the server goes on', async (_, headers, status) => {
    expect((await handshake(...headers)).status).toBe(status);
    expect((await app.request('/health/live')).status).toBe(200);
  });

  it('takes parameters that it does not know', async () => {
    const client = await WsClient.connect(`${address}?token=x&utm_source=mail`);
    expect(client.frames).toHaveLength(1);
    await client.close();
  });

  it('survives a peer that is gone at once', async () => {
    for (let n = 0; n < 20; n += 1) {
      const socket = await rawHandshake(address);
      socket.resetAndDestroy();
    }
    const client = await app.subscribe();
    await client.flushed();
    await client.close();
  });
});

describe('frames', () => {
  it('may carry a ping in pieces, with a control frame between them', async () => {
    const socket = await rawHandshake(address);
    socket.write(Buffer.concat([clientFrame(1, 'pi', false), clientFrame(9, 'hello'), clientFrame(0, 'ng')]));
    const received = await readUntil(socket, (bytes) => types(bytes).includes('pong'));
    const controlPong = Buffer.concat([Buffer.from([0x8a, 5]), Buffer.from('hello')]);
    expect([received.includes(controlPong), types(received)]).toEqual([true, ['connection', 'pong']]);
    socket.destroy();
  });

  it('that are too long together close with 1009', async () => {
    const client = await app.subscribe();
    client.socket.send('x'.repeat(3_000), { fin: false });
    client.socket.send('x'.repeat(3_000), { fin: true });
    expect((await client.closed).code).toBe(1009);
  });

  it('that answer a goodbye get the same goodbye back', async () => {
    const client = await app.subscribe();
    client.socket.close(4000, 'bye');
    expect((await client.closed).code).toBe(4000);
  });
});

describe('a subscriber', () => {
  it('gets nothing of the past, and of what comes only what is raised, in the zone that was set', async () => {
    const [past, better] = [uniform('P1', 1, 'Past'), uniform('P1', 5, 'Past', '2025-06-01')];
    await app.upload(surveyCsv([past]));
    const client = await app.subscribe();
    await app.upload(surveyCsv([better]));
    await app.upload(surveyCsv([uniform('P2', 1, 'Past', '2025-07-01')]));
    await client.flushed();
    expect(client.alerts.map(({ data }) => data?.employee_id ?? data?.department_name)).toEqual([
      'P2',
      'Past',
    ]);
    for (const { timestamp } of client.frames) expect(timestamp).toMatch(/\+05:30$/);
    await client.close();
  });

  it('sees the same ids as everybody else, and as the log', async () => {
    const clients = await Promise.all([app.subscribe(), app.subscribe(), app.subscribe()]);
    await app.upload(surveyCsv(Array.from({ length: 40 }, (_, n) => uniform(`S${n}`, 1, 'Same'))));
    for (const client of clients) await client.flushed();
    const [first = []] = clients.map(({ alerts }) => alerts.map(({ id }) => id));
    expect(first).toHaveLength(41);
    for (const client of clients) expect(client.alerts.map(({ id }) => id)).toEqual(first);
    const log = await app.json<{ items: unknown[] }>('GET', '/alerts?limit=41');
    expect([log.items.toReversed()]).toEqual(clients.slice(0, 1).map(({ alerts }) => alerts));
    await Promise.all(clients.map((client) => client.close()));
  });
});
