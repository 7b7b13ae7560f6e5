import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { DomainEvents } from '../../src/platform/events/domain-events.js';
import { Spool } from '../../src/ingest/upload/spool.js';
import { UploadQueue } from '../../src/ingest/upload/upload-queue.js';
import { TestApp } from '../support/app/app.js';
import { eventually } from '../support/app/eventually.js';
import { answerOf, openRequest } from '../support/clients/raw-http.js';
import { surveyCsv, uniform } from '../support/generators/survey.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let app: TestApp;

beforeAll(async () => {
  folder = await temporaryFolder();
  app = await TestApp.start({ DATA_DIR: folder.path, UPLOAD_MAX_BYTES: '128K', UPLOAD_MAX_QUEUED: '2' });
});
afterAll(async () => {
  await app.stop();
  await folder.remove();
});

const spooled = () => readdir(join(folder.path, 'spool'));
/** An answer may come just before the file is gone. */
const leftInSpool = () => eventually(spooled, (names) => names.length === 0);
const aFileInSpool = () => eventually(spooled, (names) => names.length > 0);
const uploads = () => app.json<{ items: unknown[] }>('GET', '/uploads?limit=500');

const MULTIPART = 'Content-Type: multipart/form-data; boundary=b';
const CSV = surveyCsv([uniform('E1', 4)]);
const END = '\r\n--b--\r\n';

function part(name: string, content: string, extra = ''): string {
  return `--b\r\nContent-Disposition: form-data; name="${name}"${extra}\r\n\r\n${content}`;
}
const filePart = (content: string, fileName = 'a.csv') => part('file', content, `; filename="${fileName}"`);

/** Sends the bytes as the whole body of an upload. */
async function send(body: string, type = MULTIPART): Promise<{ status: number; code: unknown }> {
  const headers = ['Connection: close', type, `Content-Length: ${Buffer.byteLength(body)}`];
  const socket = openRequest(app.url, { method: 'POST', path: '/api/v1/upload', headers, body });
  const answer = await answerOf(socket);
  const { code } = JSON.parse(answer.body) as { code: unknown };
  return { status: answer.status, code };
}

describe('a multipart body that is broken', () => {
  it.each([
    ['breaks off in the file', filePart('employee_id,')],
    ['breaks off in the closing boundary', `${filePart(CSV)}\r\n--b`],
    ['breaks off in the headers of a part', '--b\r\nContent-Disposition: form-da'],
    ['is empty', ''],
    ['has a part whose header is none', '--b\r\nnonsense\r\n\r\nabc\r\n--b--\r\n'],
    ['has a field that is too long', part('mode', 's'.repeat(2_000)) + `\r\n${filePart(CSV)}${END}`],
    [
      'has too many fields',
      Array.from({ length: 30 }, (_, n) => part(`f${n}`, 'x')).join('\r\n') + `\r\n${filePart(CSV)}${END}`,
    ],
  ])('that %s is refused and leaves nothing', async (_, body) => {
    const before = await uploads();
    expect(await send(body)).toEqual({ status: 400, code: 'malformed_multipart' });
    expect([await leftInSpool(), await uploads()]).toEqual([[], before]);
  });

  it('without a boundary is refused', async () => {
    expect(await send('abc', 'Content-Type: multipart/form-data')).toMatchObject({ status: 400 });
  });

  it('whose "file" is a mere text field holds no file', async () => {
    expect(await send(part('file', CSV) + END)).toEqual({ status: 400, code: 'no_file' });
  });

  it.each(['end', 'destroy'] as const)('that stops with the connection (%s) leaves nothing', async (how) => {
    const before = await uploads();
    const headers = [MULTIPART, 'Content-Length: 5000'];
    const body = filePart('employee_id,');
    const socket = openRequest(app.url, { method: 'POST', path: '/api/v1/upload', headers, body });
    socket.resume();
    expect(await aFileInSpool()).toHaveLength(1);
    socket[how]();
    expect(await leftInSpool()).toEqual([]);
    expect(await uploads()).toEqual(before);
    socket.destroy();
  });

  it('that names no length is cut off at the limit', async () => {
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        const bytes = (text: string) => new TextEncoder().encode(text);
        controller.enqueue(bytes(filePart('')));
        for (let n = 0; n < 40; n += 1) controller.enqueue(bytes('x'.repeat(8 * 1024)));
        controller.enqueue(bytes(END));
        controller.close();
      },
    });
    const init = { method: 'POST', body: stream, duplex: 'half' as const };
    const response = await app.request('/api/v1/upload', {
      ...init,
      headers: { 'Content-Type': 'multipart/form-data; boundary=b' },
    });
    expect([response.status, await response.json()]).toEqual([
      413,
      expect.objectContaining({ code: 'file_too_large' }),
    ]);
    expect(await leftInSpool()).toEqual([]);
  });

  it('takes a file of exactly the limit', async () => {
    const padding = '\n'.repeat(128 * 1024 - CSV.length);
    expect((await app.upload(CSV + padding)).status).toBe('completed');
    expect((await app.post(`${CSV}${padding}\n`)).status).toBe(413);
  });
});

describe('a file that its first bytes show to be no CSV', () => {
  it('is removed once it can no longer be created, not before', async () => {
    const spool = app.nest.get(Spool);
    const [write, remove] = [spool.write.bind(spool), spool.remove.bind(spool)];
    const order: string[] = [];
    jest
      .spyOn(spool, 'write')
      .mockImplementation((name) => write(name).on('close', () => order.push('closed')));
    jest.spyOn(spool, 'remove').mockImplementation((name) => {
      order.push('removed');
      return remove(name);
    });
    expect((await app.post('PK\u0003\u0004'.padEnd(100_000))).status).toBe(415);
    expect(await leftInSpool()).toEqual([]);
    jest.restoreAllMocks();
    expect(order).toEqual(['closed', 'removed']);
  });
});

describe('a file name', () => {
  it.each(['', '.', 'a\u0000b.csv'])(
    'of %j, which a client library would not send, leads nowhere',
    async (name) => {
      const before = await readdir(folder.path);
      expect((await send(filePart(CSV, name) + END)).status).toBe(400);
      await app.nest.get(UploadQueue).idle();
      expect([await readdir(folder.path), await leftInSpool()]).toEqual([before, []]);
    },
  );
});

describe('a full queue', () => {
  it('refuses the next upload, also one that was under way when it filled up, until there is room', async () => {
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const stop = app.nest.get(DomainEvents).listen('survey-responses.synced', () => gate);
    const body = filePart(CSV) + END;
    const headers = ['Connection: close', MULTIPART, `Content-Length: ${body.length}`];
    const late = openRequest(app.url, {
      method: 'POST',
      path: '/api/v1/upload',
      headers,
      body: body.slice(0, 300),
    });
    expect(await aFileInSpool()).toHaveLength(1);

    const accepted = [await app.post(CSV), await app.post(CSV)];
    expect(accepted.map(({ status }) => status)).toEqual([202, 202]);
    const refused = await app.post(CSV);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10']);
    expect(await refused.json()).toMatchObject({ code: 'too_many_uploads' });
    const early = openRequest(app.url, { method: 'POST', path: '/api/v1/upload', headers, body: '--b' });
    expect(await answerOf(early)).toMatchObject({ status: 503 });
    const spoolBefore = (await spooled()).length;
    const answer = answerOf(late);
    late.write(body.slice(300));
    expect(await answer).toMatchObject({ status: 503, body: expect.stringContaining('too_many_uploads') });
    expect(await eventually(spooled, (names) => names.length < spoolBefore)).toHaveLength(spoolBefore - 1);

    stop();
    release();
    await app.nest.get(UploadQueue).idle();
    expect((await app.upload(CSV)).status).toBe('completed');
    expect(await leftInSpool()).toEqual([]);
  });
});
