import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestApp } from '../support/app/app.js';
import { eventually } from '../support/app/eventually.js';
import { surveyCsv, uniform } from '../support/generators/survey.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let app: TestApp;

beforeAll(async () => {
  folder = await temporaryFolder();
  app = await TestApp.start({ DATA_DIR: folder.path });
});
afterAll(async () => {
  await app.stop();
  await folder.remove();
});

/** An answer may come just before the file is gone. */
const leftInSpool = () =>
  eventually(
    () => readdir(join(folder.path, 'spool')),
    (names) => names.length === 0,
  );

function form(parts: Record<string, Blob | string>): FormData {
  const data = new FormData();
  for (const [name, part] of Object.entries(parts)) {
    if (typeof part === 'string') data.append(name, part);
    else data.append(name, part, 'survey.csv');
  }
  return data;
}

const send = (body: FormData | string) => app.request('/api/v1/upload', { method: 'POST', body });
const csv = () => new Blob([surveyCsv([uniform('E1', 4)])], { type: 'text/csv' });

function twoFiles(): FormData {
  const data = form({ file: csv() });
  data.append('file', csv(), 'second.csv');
  return data;
}

// What the bytes of a file, its type and its name show is told by the table in bad-files/.
describe('a request', () => {
  it.each([
    ['without multipart', () => 'a,b', 'no_file'],
    ['without a file', () => form({ kind: 'survey' }), 'no_file'],
    ['with the file in another field', () => form({ csv: csv() }), 'unexpected_file'],
    ['with two files', twoFiles, 'unexpected_file'],
  ])('%s is refused at once, and leaves nothing', async (_, body, code) => {
    const response = await send(body());
    expect([response.status, response.headers.get('content-type'), await response.json()]).toEqual([
      400,
      'application/problem+json; charset=utf-8',
      expect.objectContaining({ code }),
    ]);
    expect([await leftInSpool(), await app.json('GET', '/uploads')]).toEqual([
      [],
      { items: [], next_cursor: null },
    ]);
  });

  it('is told every field that is wrong', async () => {
    const body: unknown = await (await send(form({ file: csv(), mode: 'half', date_format: 'YMD' }))).json();
    expect(body).toMatchObject({
      code: 'validation_failed',
      errors: [{ field: 'mode' }, { field: 'date_format' }],
    });
  });
});
