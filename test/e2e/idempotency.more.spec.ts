import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { TestApp, type Variables } from '../support/app/app.js';
import { eventually } from '../support/app/eventually.js';
import { openRequest } from '../support/clients/raw-http.js';
import { surveyCsv, uniform } from '../support/generators/survey.js';
import { onEachStorage, type Installation } from '../support/storage/storages.js';

const CSV = surveyCsv([uniform('E1', 1)]);

interface Sent {
  readonly csv?: string;
  readonly fields?: Variables;
  readonly name?: string;
  readonly type?: string;
}

/** `Idempotency-Key` of an upload, over HTTP. */
onEachStorage('an idempotency key on %s', (install) => {
  let installation: Installation;
  let app: TestApp;
  let key = '';

  beforeAll(async () => {
    installation = await install();
    app = await TestApp.start(installation.variables);
  });
  afterAll(async () => {
    await app.stop();
    await installation.remove();
  });

  function send(withKey: string, { csv = CSV, fields = {}, name = 'a.csv', type = 'text/csv' }: Sent = {}) {
    const form = new FormData();
    for (const [field, value] of Object.entries(fields)) form.set(field, value);
    form.set('file', new Blob([csv], { type }), name);
    const headers = { 'Idempotency-Key': withKey };
    return app.request('/api/v1/upload', { method: 'POST', body: form, headers });
  }
  async function answer(...sent: Parameters<typeof send>): Promise<[number, string | null, unknown]> {
    const response = await send(...sent);
    const { code, task_id } = (await response.json()) as { code?: string; task_id?: string };
    return [response.status, response.headers.get('idempotency-replayed'), code ?? task_id];
  }
  const uploads = async () => (await app.json<{ items: { task_id: string }[] }>('GET', '/uploads')).items;

  /** The beginning of a request, of which the rest never comes. */
  const beginning = (withKey: string) =>
    openRequest(app.url, {
      method: 'POST',
      path: '/api/v1/upload',
      headers: [
        'Content-Type: multipart/form-data; boundary=b',
        'Content-Length: 1000000',
        `Idempotency-Key: ${withKey}`,
      ],
      body: `--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\n${CSV}`,
    });

  const spooled = (satisfies: (files: readonly string[]) => boolean) =>
    eventually(() => readdir(join(installation.dataDir, 'spool')), satisfies);
  const untilFree = (held: string) =>
    eventually(
      () => answer(held),
      ([status]) => status !== 409,
    );

  it('gets the first answer again, while the upload runs and when it is finished', async () => {
    key = randomUUID();
    const [status, replayed, id] = await answer(key);
    expect([status, replayed]).toEqual([202, null]);
    const again = [202, 'true', id];
    expect(await answer(key)).toEqual(again);
    await eventually(
      () => app.json('GET', `/uploads/${String(id)}`),
      ({ status }) => status === 'completed',
    );
    const response = await send(`"${key}"`, { name: 'another name.csv' });
    expect([response.status, response.headers.get('location')]).toEqual([
      202,
      `/api/v1/upload/status/${String(id)}`,
    ]);
    expect(await answer(key, { fields: { mode: 'partial', kind: '' } })).toEqual(again);
    expect(await uploads()).toHaveLength(1);
    expect(await spooled((files) => files.length === 0)).toEqual([]);
  });

  it('is refused for another file, and for other options', async () => {
    const reused = [422, null, 'idempotency_key_reused'];
    expect(await answer(key, { csv: `${CSV}\n` })).toEqual(reused);
    expect(await answer(key, { fields: { dry_run: 'true' } })).toEqual(reused);
    expect(await answer(key, { fields: { max_errors: '7' } })).toEqual(reused);
    expect((await answer(randomUUID(), { csv: `${CSV}\n` })).slice(0, 2)).toEqual([202, null]);
  });

  it('is remembered by the next process', async () => {
    const [first] = (await uploads()).slice(-1);
    app = await app.restart();
    expect(await answer(key)).toEqual([202, 'true', first?.task_id]);
  });

  it('leads many requests at once to one upload', async () => {
    const before = (await uploads()).length;
    const raced = randomUUID();
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => answer(raced)));
    const accepted = answers.filter(([status]) => status === 202);
    const refused = answers.filter(([status]) => status !== 202);
    expect(new Set(accepted.map(([, , id]) => id)).size).toBe(1);
    expect(accepted.filter(([, replayed]) => replayed === null)).toHaveLength(1);
    for (const each of refused) expect(each).toEqual([409, null, 'idempotency_key_in_use']);
    expect(await uploads()).toHaveLength(before + 1);
  });

  it('is in use while its request is received, and free when that breaks off', async () => {
    const held = randomUUID();
    await spooled((files) => files.length === 0);
    const request = beginning(held);
    expect(await spooled((files) => files.length > 0)).toHaveLength(1);
    const response = await send(held);
    expect([response.status, response.headers.get('retry-after')]).toEqual([409, '5']);
    expect(await response.json()).toMatchObject({ code: 'idempotency_key_in_use' });
    request.destroy();
    const [status, replayed, id] = await untilFree(held);
    expect([status, replayed]).toEqual([202, null]);
    expect(await answer(held)).toEqual([202, 'true', id]);
  });

  it.each<[string, Sent]>([
    ['a file that is no CSV', { type: 'image/png' }],
    ['bytes that are no CSV', { csv: '%PDF-1.7 and so on' }],
    ['options that do not exist', { fields: { mode: 'perhaps' } }],
  ])('is free again after %s', async (_, sent) => {
    const spent = randomUUID();
    expect((await send(spent, sent)).status).toBeGreaterThanOrEqual(400);
    expect((await answer(spent)).slice(0, 2)).toEqual([202, null]);
  });

  it.each(['', 'two words', 'x'.repeat(256)])('is refused when it is %j', async (bad) => {
    expect(await answer(bad)).toEqual([400, null, 'bad_idempotency_key']);
  });
});
