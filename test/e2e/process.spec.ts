import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ServerClient } from '../support/app/server-client.js';
import { runToEnd, ServerProcess } from '../support/app/server-process.js';
import { surveyCsv, uniform } from '../support/generators/survey.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';
import { WsClient } from '../support/clients/ws-client.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

describe('the process', () => {
  it('does not start with a bad configuration, and names every bad setting', async () => {
    const { code, stderr } = await runToEnd({
      PORT: 'http',
      STORAGE: 'paper',
      STRESS_THRESHOLD: '400',
      DATA_DIR: folder.path,
    });
    expect(code).toBe(78);
    for (const name of ['PORT', 'STORAGE', 'STRESS_THRESHOLD']) expect(stderr).toContain(`- ${name} must`);
    expect(stderr).not.toMatch(/paper|400/);
  });

  it('says so when the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { code, stderr } = await runToEnd({
      PORT: String((other.address() as AddressInfo).port),
      DATA_DIR: folder.path,
    });
    other.close();
    expect(code).toBe(1);
    expect(stderr).toContain('the port is in use');
  });

  it('raises nothing twice after kill −9, and stops politely on SIGTERM', async () => {
    const first = await ServerProcess.start({ DATA_DIR: folder.path });
    expect(
      await new ServerClient(first.url).upload(
        surveyCsv([uniform('E1', 1), uniform('E2', 5), uniform('E3', 5)]),
      ),
    ).toMatchObject({ result: { alerts_raised: 1 } });
    expect(await first.end('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });

    const second = await ServerProcess.start({ DATA_DIR: folder.path });
    const caller = new ServerClient(second.url);
    for (const probe of ['live', 'ready'])
      expect(await (await caller.request(`/health/${probe}`)).json()).toEqual({ status: 'ok' });
    const client = await WsClient.connect(`${second.url.replace('http', 'ws')}/api/v1/ws/alerts`);
    const evaluated = await caller.request('/api/v1/risk/evaluate', { method: 'POST' });
    expect(await evaluated.json()).toEqual({ alerts_raised: 0, alerts_cleared: 0 });
    expect(await caller.get('/alerts/active')).toMatchObject({
      items: [{ data: { employee_id: 'E1' } }],
    });
    expect((await client.flushed()).map(({ type }) => type)).toEqual(['connection', 'pong']);
    expect(await second.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect((await client.closed).code).toBe(1001);
  });
});
