import { once } from 'node:events';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Clock } from '../../../src/lib/clock.js';
import { TestApp } from '../../support/app/app.js';
import { SECRET_VARIABLES, tokenOf, type Claims } from '../../support/servers/issuer.js';
import { answerOf, openRequest } from '../../support/clients/raw-http.js';
import { clientFrame, serverTexts } from '../../support/clients/raw-socket.js';
import { temporaryFolder } from '../../support/app/temporary-folder.js';

const PATH = '/api/v1/ws/alerts';
const PORTAL = 'https://portal.example.com';
const WS_HEADERS = [
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let app: TestApp;
beforeAll(async () => {
  folder = await temporaryFolder();
  app = await TestApp.start({ ...SECRET_VARIABLES, ALLOWED_ORIGINS: PORTAL, DATA_DIR: folder.path });
});
afterAll(async () => {
  await app.stop();
  await folder.remove();
});

/** The head of the answer to an upgrade. */
async function upgrade(path: string, ...headers: string[]): Promise<string> {
  const socket = openRequest(app.url, { path, headers: [...WS_HEADERS, ...headers] });
  const [data] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return data.toString('latin1').split('\r\n\r\n')[0] ?? '';
}
const statusOf = (head: string): number => Number(head.slice(9, 12));
const bearer = async (claims: Claims = {}): Promise<string> =>
  `Authorization: Bearer ${await tokenOf(claims)}`;

interface Issued {
  readonly ticket: string;
  readonly expires_at: string;
}

async function ticket(origin?: string, claims: Claims = {}): Promise<Issued> {
  const headers = {
    authorization: `Bearer ${await tokenOf(claims)}`,
    ...(origin === undefined ? {} : { origin }),
  };
  const answer = await app.request('/api/v1/ws/ticket', { method: 'POST', headers });
  expect(answer.status).toBe(201);
  return (await answer.json()) as Issued;
}

describe('an upgrade', () => {
  it('is refused to whoever brings nothing', async () => {
    expect(statusOf(await upgrade(PATH))).toBe(401);
  });

  it('takes a token beside the subprotocol, and does not echo it', async () => {
    const token = await tokenOf();
    const head = await upgrade(PATH, `Sec-WebSocket-Protocol: alerts.v1, bearer.${token}`);
    expect(statusOf(head)).toBe(101);
    expect(/^Sec-WebSocket-Protocol: (.*)$/im.exec(head)?.[1]?.trim()).toBe('alerts.v1');
    expect(head).not.toContain(token);
  });

  it.each(['token', 'access_token', 'id_token', 'jwt', 'bearer', 'Authorization', 'ACCESS_TOKEN'])(
    'is refused with a token in the query, as %s, even beside a good one',
    async (name) => {
      const token = await tokenOf();
      expect(statusOf(await upgrade(`${PATH}?${name}=${token}`))).toBe(401);
      expect(statusOf(await upgrade(`${PATH}?${name}=${token}`, await bearer()))).toBe(401);
      const rest = await app.request(`/api/v1/alerts?${name}=${token}`);
      expect(rest.status).toBe(401);
      expect(await rest.text()).not.toContain(token);
    },
  );

  it.each([
    ['a suffix', `${PORTAL}.evil.example`],
    ['a prefix', 'https://evil-portal.example.com'],
    ['the like of it', 'https://portalXexample.com'],
    ['no scheme', 'portal.example.com'],
    ['another scheme', 'http://portal.example.com'],
    ['another port', `${PORTAL}:8443`],
    ['a path', `${PORTAL}/`],
    ['other letters', PORTAL.toUpperCase()],
    ['nothing', 'null'],
    ['an empty text', ''],
    ['two of them', `${PORTAL} ${PORTAL}`],
    ['this very server', 'http://127.0.0.1'],
  ])('is refused to a page from %s', async (_, origin) => {
    expect(statusOf(await upgrade(PATH, `Origin: ${origin}`, await bearer()))).toBe(403);
  });

  it('is open to a page from an origin of the list, and to what is no page', async () => {
    expect(statusOf(await upgrade(PATH, `Origin: ${PORTAL}`, await bearer()))).toBe(101);
    expect(statusOf(await upgrade(PATH, await bearer()))).toBe(101);
  });

  it('with two different credentials is refused', async () => {
    const { ticket: one } = await ticket();
    expect(statusOf(await upgrade(`${PATH}?ticket=${one}`, await bearer()))).toBe(401);
    const second = `Sec-WebSocket-Protocol: alerts.v1, bearer.${await tokenOf()}`;
    expect(statusOf(await upgrade(PATH, await bearer(), second))).toBe(401);
  });

  it('is refused to a role that reads no alerts', async () => {
    expect(statusOf(await upgrade(PATH, await bearer({ role: 'service' })))).toBe(403);
  });

  it('does not look at frames that come with it before it is decided', async () => {
    const smuggled = [clientFrame(1, 'ping'), clientFrame(1, '{"type":"filter","data":{}}')];
    const request = openRequest(app.url, {
      path: `${PATH}?v=1`,
      headers: WS_HEADERS,
      body: Buffer.concat(smuggled).toString('latin1'),
    });
    const { status, body } = await answerOf(request);
    expect(status).toBe(401);
    expect(JSON.parse(body)).toMatchObject({ code: 'unauthenticated' });
  });

  it('keeps the frames that come with it when it is decided well', async () => {
    const { hostname, port } = new URL(app.url);
    const lines = [
      `GET ${PATH} HTTP/1.1`,
      `Host: ${hostname}:${port}`,
      ...WS_HEADERS,
      await bearer(),
      '',
      '',
    ];
    const socket = openRequest(app.url, { path: '/health/live', headers: ['Connection: keep-alive'] });
    await once(socket, 'data');
    socket.write(Buffer.concat([Buffer.from(lines.join('\r\n')), clientFrame(1, 'ping')]));
    let received = Buffer.alloc(0);
    while (!serverTexts(received).some((text) => text.includes('pong'))) {
      const [data] = (await once(socket, 'data')) as [Buffer];
      received = Buffer.concat([received, data]);
    }
    expect(received.toString('latin1')).toMatch(/^HTTP\/1\.1 101/);
    socket.destroy();
  });
});

describe('a ticket', () => {
  let ahead = 0;
  beforeAll(() => {
    const clock = app.nest.get(Clock);
    const now = clock.now.bind(clock);
    clock.now = () => now() + ahead;
  });
  beforeEach(() => {
    ahead = 0;
  });

  it('opens one connection, and no second one', async () => {
    const { ticket: one, expires_at } = await ticket(PORTAL);
    expect(Date.parse(expires_at) - Date.now()).toBeLessThanOrEqual(30_000);
    expect(statusOf(await upgrade(`${PATH}?ticket=${one}`, `Origin: ${PORTAL}`))).toBe(101);
    expect(statusOf(await upgrade(`${PATH}?ticket=${one}`, `Origin: ${PORTAL}`))).toBe(401);
  });

  it('opens one of two that try at once', async () => {
    const { ticket: one } = await ticket();
    const heads = await Promise.all(Array.from({ length: 5 }, () => upgrade(`${PATH}?ticket=${one}`)));
    expect(heads.map(statusOf).sort()).toEqual([101, 401, 401, 401, 401]);
  });

  it('is of no use after 30 seconds', async () => {
    const [early, late] = [await ticket(), await ticket()];
    ahead = 29_000;
    expect(statusOf(await upgrade(`${PATH}?ticket=${early.ticket}`))).toBe(101);
    ahead = 31_000;
    expect(statusOf(await upgrade(`${PATH}?ticket=${late.ticket}`))).toBe(401);
  });

  it.each([
    ['to a page from elsewhere', PORTAL, `Origin: ${PORTAL}.evil.example`, 403],
    ['to what is no page', PORTAL, 'X-Nothing: 1', 401],
    ['to a page, when it was got by what is none', undefined, `Origin: ${PORTAL}`, 401],
  ])('is of no use %s', async (_, boundTo, header, status) => {
    const { ticket: one } = await ticket(boundTo);
    expect(statusOf(await upgrade(`${PATH}?ticket=${one}`, header))).toBe(status);
  });

  it('is used up by whoever tries it from elsewhere', async () => {
    const { ticket: one } = await ticket(PORTAL);
    expect(statusOf(await upgrade(`${PATH}?ticket=${one}`, 'X-Nothing: 1'))).toBe(401);
    expect(statusOf(await upgrade(`${PATH}?ticket=${one}`, `Origin: ${PORTAL}`))).toBe(401);
  });

  it.each(['x', 'a'.repeat(43), '%00', '__proto__', 'constructor'])(
    'that was never issued is refused: %s',
    async (made) => {
      expect(statusOf(await upgrade(`${PATH}?ticket=${made}`))).toBe(401);
    },
  );

  it('is issued to those alone who may connect', async () => {
    const ask = async (headers: Record<string, string>) =>
      (await app.request('/api/v1/ws/ticket', { method: 'POST', headers })).status;
    expect(await ask({})).toBe(401);
    expect(await ask({ authorization: `Bearer ${await tokenOf({ role: 'service' })}` })).toBe(403);
  });

  it('is issued in bounds', async () => {
    const headers = { authorization: `Bearer ${await tokenOf({ sub: 'greedy' })}` };
    const statuses: number[] = [];
    for (let count = 0; count < 101; count += 1)
      statuses.push((await app.request('/api/v1/ws/ticket', { method: 'POST', headers })).status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(100);
    expect(statuses.at(-1)).toBe(429);
    ahead = 31_000;
    expect((await app.request('/api/v1/ws/ticket', { method: 'POST', headers })).status).toBe(201);
  });
});
