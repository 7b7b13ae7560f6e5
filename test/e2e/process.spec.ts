import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v7 as uuid } from 'uuid';
import { EMPTY_REPORT } from '../../src/domain/upload.js';
import { openEmbeddedStorage } from '../../src/storage/embedded/embedded-storage.js';
import { UploadQueue } from '../../src/upload/upload-queue.js';
import { TestApp } from '../support/app.js';
import { runToEnd, ServerProcess } from '../support/server-process.js';
import { surveyCsv, uniform } from '../support/survey.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { WsClient } from '../support/ws-client.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder.remove());

const json = async (url: string, init?: RequestInit) =>
  (await (await fetch(url, init)).json()) as Record<string, unknown>;

async function upload({ url }: ServerProcess, csv: string): Promise<Record<string, unknown>> {
  const form = new FormData();
  form.set('file', new Blob([csv], { type: 'text/csv' }), 'a.csv');
  const accepted = await json(`${url}/api/v1/upload`, { method: 'POST', body: form });
  for (;;) {
    const status = await json(url + String(accepted.status_url));
    if (status.result !== null) return status;
  }
}

/** What `kill -9` leaves of an upload that was accepted and not yet imported. */
async function leaveUnfinished(dataDir: string): Promise<string> {
  const [id, spool] = [uuid(), join(dataDir, 'spool')];
  await mkdir(spool, { recursive: true });
  await writeFile(join(spool, `${id}.csv`), surveyCsv([uniform('E1', 1)]));
  const storage = openEmbeddedStorage(dataDir);
  await storage.uploads.put({
    id,
    acceptedAt: new Date().toISOString(),
    bytes: 1,
    options: { mode: 'partial', dryRun: false, dateFormat: 'ISO' },
    status: 'pending',
    stage: 'queued',
    progress: 0,
    message: '',
    report: EMPTY_REPORT,
  });
  await storage.close();
  return id;
}

describe('an upload that was accepted before kill −9', () => {
  it('is imported after the restart', async () => {
    const own = await temporaryFolder();
    const id = await leaveUnfinished(own.path);
    const app = await TestApp.start({ DATA_DIR: own.path });
    await app.nest.get(UploadQueue).idle();
    const { status } = await app.json('GET', `/upload/status/${id}`);
    await app.stop();
    await own.remove();
    expect(status).toBe('completed');
  });
});

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
      await upload(first, surveyCsv([uniform('E1', 1), uniform('E2', 5), uniform('E3', 5)])),
    ).toMatchObject({ result: { alerts_raised: 1 } });
    expect(await first.end('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });

    const second = await ServerProcess.start({ DATA_DIR: folder.path });
    for (const probe of ['live', 'ready'])
      expect(await json(`${second.url}/health/${probe}`)).toEqual({ status: 'ok' });
    const client = await WsClient.connect(`${second.url.replace('http', 'ws')}/api/v1/ws/alerts`);
    expect(await json(`${second.url}/api/v1/risk/evaluate`, { method: 'POST' })).toEqual({
      alerts_raised: 0,
      alerts_cleared: 0,
    });
    expect(await json(`${second.url}/api/v1/alerts/active`)).toMatchObject({
      items: [{ data: { employee_id: 'E1' } }],
    });
    expect((await client.flushed()).map(({ type }) => type)).toEqual(['connection', 'pong']);
    expect(await second.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect((await client.closed).code).toBe(1001);
  });
});
