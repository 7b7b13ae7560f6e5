import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { Clock } from '../../../src/lib/clock.js';
import { TestApp } from '../../support/app/app.js';
import { SECRET_VARIABLES, tokenOf, type Claims } from '../../support/servers/issuer.js';
import { surveyCsv, uniform } from '../../support/generators/survey.js';
import { temporaryFolder } from '../../support/app/temporary-folder.js';
import { WsClient, type Frame } from '../../support/clients/ws-client.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let app: TestApp;
let ahead = 0;
const clients: WsClient[] = [];

beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());
beforeEach(async () => {
  ahead = 0;
  app = await TestApp.start({ ...SECRET_VARIABLES, DATA_DIR: folder.path });
  const clock = app.nest.get(Clock);
  const now = clock.now.bind(clock);
  clock.now = () => now() + ahead;
});
afterEach(async () => {
  for (const { socket } of clients.splice(0)) socket.terminate();
  await app.stop();
});

const inSeconds = (seconds: number): number => Math.floor((Date.now() + ahead) / 1_000) + seconds;

async function connect(claims: Claims = {}, query = '?v=1'): Promise<WsClient> {
  const url = `${app.url.replace('http', 'ws')}/api/v1/ws/alerts${query}`;
  const client = await WsClient.connect(url, [], { authorization: `Bearer ${await tokenOf(claims)}` });
  clients.push(client);
  return client;
}

/** Sends a new token and waits for what is said to it. */
async function refresh(client: WsClient, claims: Claims): Promise<Frame> {
  const before = client.frames.length;
  client.socket.send(JSON.stringify({ type: 'refresh', data: { token: await tokenOf(claims) } }));
  const isAnswer = ({ type }: Frame, index: number): boolean =>
    index >= before && ['refreshed', 'error'].includes(type);
  await client.until((frames) => frames.some(isAnswer));
  return client.frames.find(isAnswer) ?? { type: 'none' };
}

async function upload(csv: string): Promise<void> {
  const authorization = `Bearer ${await tokenOf({ exp: inSeconds(60) })}`;
  const status = await app.upload(csv, {}, { authorization });
  expect(status.status).toBe('completed');
}
const stressed = (id: string, department = 'Sales') => uniform(id, 1, department);
const alertsOf = (client: WsClient) =>
  client.frames.filter(({ type }) => type === 'employee_stress').map(({ data }) => data?.employee_id);

describe('a connection', () => {
  it('ends with its token, by 4401, and gets nothing afterwards', async () => {
    const short = await connect({ exp: inSeconds(2) });
    const long = await connect({ exp: inSeconds(60) });
    // The timer has not noticed yet that time has passed: what comes now must not go out all the same.
    ahead = 10_000;
    await upload(surveyCsv([stressed('E1')]));
    await long.until(() => alertsOf(long).includes('E1'));
    expect(await short.closed).toMatchObject({ code: 4401 });
    expect(alertsOf(short)).toEqual([]);
  });

  it('stays for as long as a new token of its subject is good', async () => {
    const client = await connect({ exp: inSeconds(2) });
    const expires = inSeconds(100);
    expect(await refresh(client, { exp: expires })).toMatchObject({
      type: 'refreshed',
      data: { expires_at: new Date(expires * 1_000).toISOString().replace('Z', '+00:00') },
    });
    ahead = 50_000;
    await upload(surveyCsv([stressed('E2')]));
    await client.until(() => alertsOf(client).includes('E2'));
    ahead = 101_000;
    await upload(surveyCsv([stressed('E8')]));
    expect(await client.closed).toMatchObject({ code: 4401 });
  });

  it.each<[string, Claims]>([
    ['of somebody else', { sub: 'mallory', exp: 4e9 }],
    ['that has expired', { exp: 1 }],
    ['for another server', { aud: 'payroll', exp: 4e9 }],
  ])('is not kept by a token %s', async (_, claims) => {
    const client = await connect({ exp: inSeconds(3) });
    expect(await refresh(client, claims)).toMatchObject({ type: 'error', code: 'bad_token' });
    ahead = 10_000;
    await upload(surveyCsv([stressed(`of ${String(claims.exp)}`)]));
    expect(await client.closed).toMatchObject({ code: 4401 });
  });

  it('of the plain profile hears nothing of its new token, and stays', async () => {
    const client = await connect({ exp: inSeconds(2) }, '');
    client.socket.send(
      JSON.stringify({ type: 'refresh', data: { token: await tokenOf({ exp: inSeconds(100) }) } }),
    );
    await client.flushed();
    ahead = 50_000;
    await upload(surveyCsv([stressed('E3')]));
    await client.until(() => alertsOf(client).includes('E3'));
    const types = client.frames.map(({ type }) => type);
    expect(types.filter((type) => ['refreshed', 'error', 'position'].includes(type))).toEqual([]);
    expect(client.socket.readyState).toBe(WebSocket.OPEN);
  });

  it('sees less from the moment its role is less', async () => {
    const client = await connect({ role: 'hr' });
    await upload(surveyCsv([stressed('E4', 'Legal')]));
    await client.until(() => alertsOf(client).includes('E4'));
    await refresh(client, { role: 'viewer' });
    await upload(surveyCsv([stressed('E5', 'Finance')]));
    await client.until((frames) => frames.some(({ data }) => data?.department_name === 'Finance'));
    await client.flushed();
    expect(alertsOf(client)).not.toContain('E5');
    // What is wanted is narrowed by what may be seen, whatever is asked for.
    client.socket.send(JSON.stringify({ type: 'filter', data: { types: ['employee_stress'] } }));
    await upload(surveyCsv([stressed('E6', 'Finance')]));
    await client.flushed();
    expect(alertsOf(client)).not.toContain('E6');
  });

  it('ends when its role reads no alerts any more', async () => {
    const client = await connect({ role: 'hr' });
    client.socket.send(
      JSON.stringify({ type: 'refresh', data: { token: await tokenOf({ role: 'service' }) } }),
    );
    expect(await client.closed).toMatchObject({ code: 1008 });
  });

  it('by a stream ends with its token too', async () => {
    const headers = { authorization: `Bearer ${await tokenOf({ exp: inSeconds(2) })}` };
    const stream = await app.request('/api/v1/alerts/stream', { headers });
    ahead = 10_000;
    await upload(surveyCsv([stressed('E7')]));
    expect(await stream.text()).not.toContain('E7');
  });
});
