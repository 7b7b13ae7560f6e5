import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { SURVEY_HEADER, surveyCsv, uniform } from '../support/survey.js';
import { temporaryFolder } from '../support/temporary-folder.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let app: TestApp;

beforeAll(async () => {
  folder = await temporaryFolder();
  app = await TestApp.start({
    DATA_DIR: folder.path,
    UPLOAD_MAX_BYTES: '64K',
    UPLOAD_MAX_ROWS: '50',
    UPLOAD_MAX_COLUMNS: '30',
  });
});
afterAll(async () => {
  await app.stop();
  await folder.remove();
});

const spooled = () => readdir(join(folder.path, 'spool'));
/** An answer may come just before the file is gone. */
const leftInSpool = () => eventually(spooled, (names) => names.length === 0);

/** The row that is right but for what `changes` replaces, by position in the header. */
function row(changes: Record<number, string> = {}): string {
  const cells = ['E1', '2025-03-01', 'Sales', ...Array.from({ length: 15 }, () => '4')];
  for (const [index, cell] of Object.entries(changes)) cells[Number(index)] = cell;
  return cells.join(',');
}

async function problem(response: Response): Promise<{ status: number; code: unknown; type: string | null }> {
  const body = (await response.json()) as { code: unknown };
  return { status: response.status, code: body.code, type: response.headers.get('content-type') };
}

async function tables(): Promise<unknown> {
  return Promise.all([
    app.json('GET', '/employees?limit=500'),
    app.json('GET', '/departments?limit=500'),
    app.json('GET', '/alerts?limit=500'),
  ]);
}

function form(parts: Record<string, Blob | string>, fileName = 'survey.csv'): FormData {
  const data = new FormData();
  for (const [name, part] of Object.entries(parts)) {
    if (typeof part === 'string') data.append(name, part);
    else data.append(name, part, fileName);
  }
  return data;
}

const send = (body: FormData | string) => app.request('/api/v1/upload', { method: 'POST', body });
const csv = (text = surveyCsv([uniform('E1', 4)])) => new Blob([text], { type: 'text/csv' });

describe('a request that shows its own fault', () => {
  it.each([
    ['without multipart', () => send('a,b'), 400, 'no_file'],
    ['without a file', () => send(form({ kind: 'survey' })), 400, 'no_file'],
    ['with the file in another field', () => send(form({ csv: csv() })), 400, 'unexpected_file'],
    ['with a bad kind', () => send(form({ file: csv(), kind: 'people' })), 400, 'validation_failed'],
    ['with an unknown field', () => send(form({ file: csv(), nope: '1' })), 400, 'validation_failed'],
    ['with a picture', () => send(form({ file: new Blob(['x'], { type: 'image/png' }) })), 415, 'not_csv'],
    ['with a workbook named .csv', () => send(form({ file: csv('PK\u0003\u0004rest') })), 415, 'not_csv'],
    [
      'with a PNG named .csv',
      () => send(form({ file: new Blob([Buffer.from('\u0089PNG\r\n', 'latin1')], { type: 'text/csv' }) })),
      415,
      'not_csv',
    ],
    ['with a PDF named .csv', () => send(form({ file: csv('%PDF-1.7 rest') })), 415, 'not_csv'],
    [
      'with gzip',
      () => send(form({ file: new Blob([new Uint8Array([0x1f, 0x8b, 8, 0])], { type: 'text/csv' }) })),
      415,
      'not_csv',
    ],
    ['with a large file', () => send(form({ file: csv('x'.repeat(65 * 1024)) })), 413, 'file_too_large'],
    [
      'with a very large file',
      () => send(form({ file: csv('x'.repeat(1024 * 1024)) })),
      413,
      'file_too_large',
    ],
  ])('%s is refused at once', async (_, request, status, code) => {
    expect(await problem(await request())).toEqual({
      status,
      code,
      type: 'application/problem+json; charset=utf-8',
    });
    expect(await leftInSpool()).toEqual([]);
  });

  it('with two files is refused', async () => {
    const data = form({ file: csv() });
    data.append('file', csv(), 'second.csv');
    expect(await problem(await send(data))).toMatchObject({ status: 400, code: 'unexpected_file' });
    expect(await leftInSpool()).toEqual([]);
  });

  it('names the field that is wrong', async () => {
    const body: unknown = await (await send(form({ file: csv(), mode: 'half', date_format: 'YMD' }))).json();
    expect(body).toMatchObject({ errors: [{ field: 'mode' }, { field: 'date_format' }] });
  });

  it('that breaks off leaves no upload and no file', async () => {
    const before = await app.json('GET', '/uploads');
    const { port, hostname } = new URL(app.url);
    const socket = connect(Number(port), hostname);
    const body =
      '--b\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\nContent-Type: text/csv\r\n\r\nemployee_id,';
    socket.write(
      `POST /api/v1/upload HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 5000\r\n\r\n${body}`,
    );
    await once(socket, 'connect');
    expect(await eventually(spooled, (names) => names.length > 0)).toHaveLength(1);
    socket.destroy();
    expect(await leftInSpool()).toEqual([]);
    expect(await app.json('GET', '/uploads')).toEqual(before);
  });

  it.each(['../../x.csv', `${'n'.repeat(300)}.csv`])('does not use the file name %s', async (name) => {
    const response = await send(form({ file: csv(), dry_run: 'true' }, name));
    expect(response.status).toBe(202);
  });
});

describe('a file that cannot be imported', () => {
  it.each([
    ['empty', '', 'empty_file'],
    ['only blank lines', '\n\n', 'empty_file'],
    ['only a header', `${SURVEY_HEADER}\n`, 'no_valid_rows'],
    ['no header', `${row()}\n`, 'unknown_header'],
    [
      'a required column missing',
      surveyCsv([uniform('E1', 1)]).replace('Q3_Label', 'Label_3'),
      'missing_column',
    ],
    [
      'a duplicate column',
      surveyCsv([uniform('E1', 1)]).replace('Q2_Label', 'department'),
      'duplicate_header',
    ],
    ['a column without name', surveyCsv([uniform('E1', 1)]).replace('Q2_Label', ''), 'empty_header'],
    ['an unclosed quote', `${SURVEY_HEADER}\n${row()}\n"E2,x\n`, 'unclosed_quote'],
    ['a stray quote', `${SURVEY_HEADER}\n${row({ 0: '"E"2' })}\n`, 'stray_quote'],
    ['a NUL', `${SURVEY_HEADER}\n${row({ 0: 'E\u0000' })}\n`, 'nul_byte'],
    ['too many rows', surveyCsv(Array.from({ length: 51 }, (_, n) => uniform(`X${n}`, 1))), 'too_many_rows'],
    [
      'too many columns',
      `${SURVEY_HEADER}${',c'.repeat(13).replace(/c/g, (_, at: number) => `c${at}`)}\n`,
      'too_many_columns',
    ],
    ['no valid row', `${SURVEY_HEADER}\n${row({ 0: '' })}\n`, 'no_valid_rows'],
  ])('%s fails and writes nothing', async (_, content, code) => {
    const before = await tables();
    const status = await app.upload(content);
    expect(status).toMatchObject({ status: 'failed', code, result: { rows_written: 0, alerts_raised: 0 } });
    expect(status.message).not.toBe('');
    expect(await tables()).toEqual(before);
    expect(await leftInSpool()).toEqual([]);
  });

  it('names the missing column', async () => {
    const status = await app.upload(surveyCsv([uniform('E1', 1)]).replace('Q3_Label', 'Label_3'));
    expect(status.result.errors).toMatchObject([{ code: 'missing_column', line: 1, column: 'Q3' }]);
  });

  it('in Latin-1 is refused, not mangled', async () => {
    const bytes = new Uint8Array(Buffer.from(`${SURVEY_HEADER}\n${row({ 2: 'Verkäufer' })}\n`, 'latin1'));
    const { status_url } = (await (await app.post(bytes)).json()) as { status_url: string };
    let body: { status: string; code?: string };
    do {
      body = (await (await app.request(status_url)).json()) as { status: string; code?: string };
    } while (body.status === 'pending' || body.status === 'processing');
    expect(body).toMatchObject({ status: 'failed', code: 'latin1' });
  });
});

describe('a file with bad rows', () => {
  const lines = [
    SURVEY_HEADER,
    row({ 0: 'G1' }),
    row({ 0: 'B1', 3: '6' }),
    row({ 0: 'B2', 1: '2024-02-30' }),
    `${row({ 0: 'B3' })},9`,
    row({ 0: 'G2' }),
    '',
    row({ 0: 'G1' }),
  ];

  it('has the valid ones written and the others named', async () => {
    const { status, result } = await app.upload(lines.join('\n'));
    expect(status).toBe('completed');
    expect(result).toMatchObject({
      rows_read: 6,
      rows_written: 2,
      rows_rejected: 3,
      rows_duplicate: 1,
      rows_blank: 1,
    });
    expect(result.errors.map(({ code, line, column }) => [code, line, column])).toEqual([
      ['invalid_answer', 3, 'Q1_Label'],
      ['invalid_date', 4, 'submission_date'],
      ['too_many_cells', 5, undefined],
    ]);
    const written = await Promise.all(
      ['G1', 'G2', 'B1', 'B2', 'B3'].map((id) => app.request(`/api/v1/employees/${id}`)),
    );
    expect(written.map((response) => response.status)).toEqual([200, 200, 404, 404, 404]);
  });

  it('is refused as a whole in strict mode', async () => {
    const strict = lines.join('\n').replaceAll('G1', 'S1');
    expect(await app.upload(strict, { mode: 'strict' })).toMatchObject({
      status: 'failed',
      code: 'rejected_rows',
      result: { rows_written: 0, rows_rejected: 3 },
    });
    expect((await app.request('/api/v1/employees/S1')).status).toBe(404);
  });

  it('is only looked at in a dry run', async () => {
    const dry = lines.join('\n').replaceAll('G1', 'Y1');
    expect(await app.upload(dry, { dry_run: 'true' })).toMatchObject({
      status: 'completed',
      result: { rows_read: 6, rows_written: 0, rows_rejected: 3 },
    });
    expect((await app.request('/api/v1/employees/Y1')).status).toBe(404);
  });

  it('warns of scored questions and columns that it does not have or know', async () => {
    const { result } = await app.upload(surveyCsv([uniform('W1', 4)]).replace('Q2_Label', 'shoe_size'));
    expect(result.warnings).toMatchObject([
      { code: 'question_missing', column: 'Q2' },
      { code: 'column_ignored', column: 'shoe_size' },
    ]);
  });
});
