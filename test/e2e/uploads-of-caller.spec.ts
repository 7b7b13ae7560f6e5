import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DomainEvents } from '../../src/platform/events/domain-events.js';
import { UploadQueue } from '../../src/ingest/upload/upload-queue.js';
import { TestApp } from '../support/app/app.js';
import { eventually } from '../support/app/eventually.js';
import { answerOf, openRequest } from '../support/clients/raw-http.js';
import { surveyCsv, uniform } from '../support/generators/survey.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let app: TestApp;

beforeEach(async () => {
  folder = await temporaryFolder();
  app = await TestApp.start({ DATA_DIR: folder.path, UPLOAD_MAX_PER_CALLER: '2', UPLOAD_MAX_BYTES: '128K' });
});
afterEach(async () => {
  await app.stop();
  await folder.remove();
});

const CSV = surveyCsv([uniform('E1', 4)]);
const HEAD = '--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n';
const END = '\r\n--b--\r\n';

/** Begins to send a file and stops in the middle of it. */
async function beginUpload(): Promise<ReturnType<typeof openRequest>> {
  const files = async () => (await readdir(join(folder.path, 'spool'))).length;
  const before = await files();
  const body = HEAD + CSV;
  const headers = [
    'Connection: close',
    'Content-Type: multipart/form-data; boundary=b',
    `Content-Length: ${body.length + END.length}`,
  ];
  const socket = openRequest(app.url, { method: 'POST', path: '/api/v1/upload', headers, body });
  await eventually(files, (count) => count > before);
  return socket;
}

const statusOfNext = async () => (await app.post(CSV)).status;

/** Lets every import wait until it is called. */
function holdImports(): () => void {
  let release = (): void => undefined;
  const gate = new Promise<void>((resolve) => (release = resolve));
  app.nest.get(DomainEvents).listen('survey-responses.synced', () => gate);
  return release;
}

describe('a caller', () => {
  it('may have so many uploads under way, and is told to wait with one more', async () => {
    const release = holdImports();
    expect([await statusOfNext(), await statusOfNext()]).toEqual([202, 202]);
    const refused = await app.post(CSV);
    expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toEqual([
      429,
      '10',
      expect.objectContaining({ code: 'too_many_uploads_of_caller' }),
    ]);
    release();
    await app.nest.get(UploadQueue).idle();
    expect(await statusOfNext()).toBe(202);
  });

  it('has those counted that are still being received, as one upload each', async () => {
    const release = holdImports();
    const socket = await beginUpload();
    expect([await statusOfNext(), await statusOfNext()]).toEqual([202, 429]);
    socket.write(END);
    expect((await answerOf(socket)).status).toBe(202);
    expect(await statusOfNext()).toBe(429);
    release();
    await app.nest.get(UploadQueue).idle();
    expect([await statusOfNext(), await statusOfNext()]).not.toContain(429);
  });

  it.each(['end', 'destroy'] as const)('gets the place back when the connection breaks (%s)', async (how) => {
    const sockets = [await beginUpload(), await beginUpload()];
    expect(await statusOfNext()).toBe(429);
    for (const socket of sockets) {
      socket.resume();
      socket[how]();
      await once(socket, 'close');
    }
    expect(await eventually(statusOfNext, (status) => status !== 429)).toBe(202);
  });

  it('gets the place back from every request that is refused', async () => {
    for (let time = 0; time < 4; time += 1) {
      expect((await app.post(CSV, { mode: 'sometimes' })).status).toBe(400);
      expect((await app.post('\u0050K\u0003\u0004 a zip')).status).toBe(415);
      expect((await app.post('x'.repeat(129 * 1024))).status).toBe(413);
      const noFile = new FormData();
      noFile.set('kind', 'survey');
      expect((await app.request('/api/v1/upload', { method: 'POST', body: noFile })).status).toBe(400);
    }
    expect(await statusOfNext()).toBe(202);
  });

  it('who sends one file after the other never waits', async () => {
    for (let time = 0; time < 6; time += 1) expect((await app.upload(CSV)).status).toBe('completed');
  });
});
