import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { TestApp, type Variables } from '../../support/app/app.js';
import { SECRET_VARIABLES, tokenOf, type Claims } from '../../support/servers/issuer.js';
import { openRequest } from '../../support/clients/raw-http.js';
import { clientFrame } from '../../support/clients/raw-socket.js';
import { temporaryFolder } from '../../support/app/temporary-folder.js';

const PATH = '/api/v1/ws/alerts';
const WS_HEADERS = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let app: TestApp;
const start = (variables: Variables) =>
  TestApp.start({ ...SECRET_VARIABLES, DATA_DIR: folder.path, ...variables });

/** An admitted connection without a client library. */
async function admitted(
  of: TestApp,
  claims: Claims = {},
  path = PATH,
  headers: string[] = [],
): Promise<Socket> {
  const authorization = `Authorization: Bearer ${await tokenOf(claims)}`;
  const socket = openRequest(of.url, { path, headers: [...WS_HEADERS, authorization, ...headers] });
  const [data] = (await once(socket, 'data')) as [Buffer];
  if (!data.toString('latin1').startsWith('HTTP/1.1 101')) {
    socket.destroy();
    throw new Error(data.toString('latin1').slice(9, 12));
  }
  return socket;
}

/** The code of the close frame with which the server ends the connection. */
async function closeCode(socket: Socket): Promise<number | undefined> {
  let code: number | undefined;
  socket.on('data', (data: Buffer) => {
    // A close frame of the server comes on its own, after everything else.
    const at = data.lastIndexOf(0x88);
    if (at >= 0 && at + 3 < data.length) code = data.readUInt16BE(at + 2);
  });
  await once(socket, 'close');
  return code;
}

function unmasked(text: string): Buffer {
  return Buffer.concat([Buffer.from([0x81, text.length]), Buffer.from(text)]);
}

/** A masked text frame of any length. */
function longFrame(payload: Buffer): Buffer {
  const head = Buffer.alloc(10);
  head.writeUInt8(0x81, 0);
  head.writeUInt8(0xff, 1);
  head.writeBigUInt64BE(BigInt(payload.length), 2);
  return Buffer.concat([head, Buffer.alloc(4), payload]);
}

beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

describe('a peer that breaks the protocol', () => {
  beforeAll(async () => {
    app = await start({});
  });
  afterAll(() => app.stop());

  it.each<[string, Buffer, number]>([
    ['does not mask', unmasked('ping'), 1002],
    ['sends too much', longFrame(Buffer.alloc(5_000, 0x61)), 1009],
    ['announces an exabyte', Buffer.from([0x81, 0xff, 0x0f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), 1009],
    ['sends text that is none', clientFrame(1, Buffer.from([0xc3, 0x28])), 1007],
    ['sends binary', clientFrame(2, 'ping'), 1003],
    [
      'sends in splinters',
      Buffer.concat([
        clientFrame(1, 'p', false),
        ...Array.from({ length: 40 }, () => clientFrame(0, 'x', false)),
      ]),
      1008,
    ],
    ['goes on with nothing', clientFrame(0, 'ping'), 1002],
    ['sets bits that mean nothing', Buffer.from([0xf1, 0x80, 0, 0, 0, 0]), 1002],
    ['sends a long control frame', Buffer.from([0x89, 0xfe, 0x01, 0x00, 0, 0, 0, 0]), 1002],
  ])('and %s is closed', async (_, bytes, code) => {
    const socket = await admitted(app);
    const closed = closeCode(socket);
    socket.write(bytes);
    expect(await closed).toBe(code);
    expect((await app.request('/health/live')).status).toBe(200);
  });

  it.each([
    ['is deep', '['.repeat(2_000)],
    ['is deep and closed', `${'{"a":'.repeat(500)}1${'}'.repeat(500)}`],
    ['has a prototype', '{"__proto__":{"type":"ping"},"constructor":1}'],
    ['names a handler of objects', '{"type":"__proto__"}'],
    ['names another', '{"type":"constructor","data":{}}'],
    ['is a filter with a prototype', '{"type":"filter","data":{"__proto__":{"types":[]}}}'],
    ['is a filter of everything', '{"type":"filter","data":{"role":"admin"}}'],
    ['is a filter of numbers', '{"type":"filter","data":{"types":[1,2]}}'],
    ['is a refresh of nothing', '{"type":"refresh","data":{"token":{}}}'],
    ['is a refresh of garbage', '{"type":"refresh","data":{"token":"a.b.c"}}'],
  ])('gets an error, and no more, for JSON that %s', async (_, text) => {
    const headers = { authorization: `Bearer ${await tokenOf()}` };
    const client = new WebSocket(app.url.replace('http', 'ws') + PATH, ['alerts.v1'], { headers });
    const types: string[] = [];
    const pong = new Promise<void>((resolve) => {
      client.on('message', (data: Buffer) => {
        const { type } = JSON.parse(data.toString('utf8')) as { type: string };
        types.push(type);
        if (type === 'error') client.send('ping');
        if (type === 'pong') resolve();
      });
    });
    await once(client, 'open');
    client.send(text);
    await pong;
    expect(types).toEqual(['connection', 'position', 'error', 'pong']);
    client.terminate();
  });
});

describe('a flood', () => {
  afterEach(() => app.stop());

  it.each<[string, () => Buffer]>([
    ['messages', () => clientFrame(1, 'ping')],
    ['pings', () => clientFrame(9, '')],
    ['nonsense', () => clientFrame(1, randomBytes(8).toString('hex'))],
  ])('of %s ends with 4429', async (_, frame) => {
    app = await start({ WS_MAX_MESSAGES_PER_MINUTE: '20' });
    const socket = await admitted(app);
    const closed = closeCode(socket);
    socket.write(Buffer.concat(Array.from({ length: 21 }, frame)));
    expect(await closed).toBe(4429);
  });

  it('over several connections of one subject is one flood, and others are served', async () => {
    app = await start({ WS_MAX_MESSAGES_PER_MINUTE: '20', TRUSTED_PROXIES: '127.0.0.1' });
    const from = (address: string) => [`X-Forwarded-For: ${address}`];
    const sockets = await Promise.all(
      ['192.0.2.1', '192.0.2.2', '192.0.2.3'].map((address) => admitted(app, {}, PATH, from(address))),
    );
    const codes = Promise.race(sockets.map(closeCode));
    for (const socket of sockets)
      socket.write(Buffer.concat(Array.from({ length: 7 }, () => clientFrame(1, 'ping'))));
    expect(await codes).toBe(4429);
    const other = await admitted(app, { sub: 'grace' }, PATH, from('192.0.2.9'));
    other.write(clientFrame(1, 'ping'));
    const [answer] = (await once(other, 'data')) as [Buffer];
    expect(answer.toString('utf8')).toContain('pong');
    for (const socket of [...sockets, other]) socket.destroy();
  });

  it('of connections is refused from the one too many, by address and by subject', async () => {
    app = await start({ WS_MAX_CONNECTIONS_PER_ADDRESS: '3', TRUSTED_PROXIES: '127.0.0.1' });
    const from = (address: string) => [`X-Forwarded-For: ${address}`];
    const one = ['a', 'b', 'c'].map((sub) => admitted(app, { sub }, PATH, from('192.0.2.1')));
    const sockets = await Promise.all(one);
    await expect(admitted(app, { sub: 'd' }, PATH, from('192.0.2.1'))).rejects.toThrow('429');
    const mine = ['192.0.2.2', '192.0.2.3', '192.0.2.4'].map((ip) =>
      admitted(app, { sub: 'e' }, PATH, from(ip)),
    );
    sockets.push(...(await Promise.all(mine)));
    await expect(admitted(app, { sub: 'e' }, PATH, from('192.0.2.5'))).rejects.toThrow('429');
    // A place comes free with its connection.
    const [first] = sockets;
    first?.destroy();
    let again: Socket | undefined;
    while (again === undefined)
      again = await admitted(app, { sub: 'd' }, PATH, from('192.0.2.1')).catch(() => undefined);
    for (const socket of [...sockets, again]) socket.destroy();
  });

  it('of requests is refused, and told when to come back', async () => {
    app = await start({ REQUESTS_PER_MINUTE: '5' });
    const headers = { authorization: `Bearer ${await tokenOf()}` };
    const answers: Response[] = [];
    for (let count = 0; count < 6; count += 1) answers.push(await app.request('/api/v1/alerts', { headers }));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
    expect(answers[0]?.headers.get('ratelimit-policy')).toBe('"requests";q=5;w=60');
    expect(answers[0]?.headers.get('ratelimit')).toMatch(/^"requests";r=4;t=\d+$/);
    const last = answers.at(-1);
    expect(Number(last?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(await last?.json()).toMatchObject({ code: 'too_many_requests' });
    // Probes are not for callers.
    expect((await app.request('/health/live')).status).toBe(200);
  });

  it('of bad tokens is refused as well', async () => {
    app = await start({ REQUESTS_PER_MINUTE: '5' });
    const statuses: number[] = [];
    for (let count = 0; count < 6; count += 1)
      statuses.push(
        (await app.request('/api/v1/alerts', { headers: { authorization: 'Bearer x.y.z' } })).status,
      );
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  });

  it('of uploads is counted apart', async () => {
    app = await start({ REQUESTS_PER_MINUTE: '5', UPLOADS_PER_MINUTE: '1' });
    const headers = { authorization: `Bearer ${await tokenOf()}` };
    const upload = () => app.request('/api/v1/upload', { method: 'POST', headers });
    expect([(await upload()).status, (await upload()).status]).toEqual([400, 429]);
    expect((await app.request('/api/v1/alerts', { headers })).status).toBe(200);
  });

  it.each([
    ['one that nobody trusts', {}, 429],
    ['a proxy that is trusted, which put the real one last', { TRUSTED_PROXIES: '127.0.0.1' }, 429],
  ])('cannot hide behind addresses made up for %s', async (_, variables, status) => {
    app = await start({ REQUESTS_PER_MINUTE: '3', ...variables });
    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1) {
      const made = {
        'x-forwarded-for': `203.0.113.${count}, 198.51.100.7`,
        'x-real-ip': `203.0.113.${count}`,
      };
      statuses.push((await app.request('/api/v1/alerts', { headers: made })).status);
    }
    expect(statuses.at(-1)).toBe(status);
  });
});

describe('a connection that says nothing', () => {
  afterEach(() => app.stop());

  it.each<[string, string]>([
    ['at all', ''],
    ['to the end of a line', 'GET / HTTP'],
    ['to the end of an upgrade', `GET ${PATH} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n`],
  ])('%s is cut off', async (_, text) => {
    app = await start({ REQUEST_HEAD_TIMEOUT: '50ms' });
    const { hostname, port } = new URL(app.url);
    const socket = connect(Number(port), hostname);
    socket.on('error', () => undefined);
    socket.resume();
    socket.write(text);
    await once(socket, 'close');
    const client = await admitted(app);
    // One that was admitted stays.
    client.write(clientFrame(1, 'ping'));
    const [answer] = (await once(client, 'data')) as [Buffer];
    expect(answer.toString('utf8')).toContain('pong');
    client.destroy();
  });
});
