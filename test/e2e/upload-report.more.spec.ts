import { afterAll, beforeAll, expect, it } from '@jest/globals';
import Papa from 'papaparse';
import { TestApp } from '../support/app/app.js';
import { SURVEY_HEADER } from '../support/generators/survey.js';
import { onEachStorage, type Installation } from '../support/storage/storages.js';

/** A survey row that is right but for what `changes` replaces, by position in the header. */
function row(employee: string, changes: Record<number, string> = {}): string {
  const cells = [employee, '2025-03-01', 'Sales', ...Array.from({ length: 15 }, () => '4')];
  for (const [index, cell] of Object.entries(changes)) cells[Number(index)] = cell;
  return cells.join(',');
}

/** What an upload tells about its file, and the file of its errors, on any storage. */
onEachStorage('the report of an upload, on %s', (install) => {
  let installation: Installation;
  let app: TestApp;
  beforeAll(async () => {
    installation = await install();
    app = await TestApp.start({
      ...installation.variables,
      UPLOAD_MAX_HEADER: '40',
      UPLOAD_MAX_RECORD: '2000',
    });
  });
  afterAll(async () => {
    await app.stop();
    await installation.remove();
  });

  async function errorFile(id: string): Promise<{ response: Response; text: string; rows: string[][] }> {
    const response = await app.request(`/api/v1/uploads/${id}/errors.csv`);
    const text = await response.text();
    return { response, text, rows: Papa.parse<string[]>(text.trimEnd()).data };
  }

  it('tells how the file is written and what its columns were read as', async () => {
    const header = SURVEY_HEADER.replace('employee_id', 'mployee_id').replace('Q2_Label', 'shoe_size');
    const lines = ['\ufeff', header, row('A1'), row('A1'), row('A2', { 3: '6' }), ''];
    const { result } = await app.upload(lines.join('\r\n').replaceAll(',', ';'));
    expect(result).toMatchObject({
      rows_read: 3,
      rows_valid: 1,
      rows_written: 1,
      rows_duplicate: 1,
      rows_rejected: 1,
      dialect: { encoding: 'utf-8', bom: true, delimiter: ';', line_ends: 'crlf' },
      ignored_columns: ['shoe_size'],
      errors_total: 1,
      errors: [{ code: 'invalid_answer', line: 5, column: 'Q1_Label', value: '6' }],
      warnings: [
        { code: 'question_missing', line: 2, column: 'Q2' },
        { code: 'column_ignored', line: 2, column: 'shoe_size' },
      ],
    });
    expect(result.columns).toHaveLength(17);
    expect(result.columns.slice(0, 5)).toEqual([
      { column: 'mployee_id', field: 'employee_id' },
      { column: 'submission_date', field: 'submission_date' },
      { column: 'department', field: 'department' },
      { column: 'Q1_Label', field: 'Q1' },
      { column: 'Q3_Label', field: 'Q3' },
    ]);
  });

  it('shows the first hundred errors, and has all of them in the error file, by line', async () => {
    const lines = [SURVEY_HEADER, row('C1'), row('C1', { 4: '5' })];
    for (let n = 0; n < 1_500; n += 1) lines.push(row(`B${n}`, { 3: `=${n}`, 5: 'Üx' }));
    lines.push(row('C1'), row('D1'));
    const status = await app.upload(lines.join('\n'));
    expect(status.result).toMatchObject({ rows_valid: 1, rows_rejected: 1_503, errors_total: 3_003 });
    expect(status.result.errors).toHaveLength(100);
    const { response, text, rows } = await errorFile(status.task_id);
    expect(status.result.errors_url).toBe(`/api/v1/uploads/${status.task_id}/errors.csv`);
    expect([
      response.status,
      response.headers.get('content-type'),
      response.headers.get('content-disposition'),
    ]).toEqual([200, 'text/csv; charset=utf-8', `attachment; filename=upload-${status.task_id}-errors.csv`]);
    expect(text).toMatch(/^line,column,code,message,value\n2,employee_id,conflicting_duplicate,/);
    expect(rows).toHaveLength(3_004);
    const found = rows.slice(1).map(([line]) => Number(line));
    expect(found).toEqual([...found].sort((a, b) => a - b));
    expect(rows[3]?.filter((_, n) => n !== 3)).toEqual(['4', 'Q1_Label', 'invalid_answer', "'=0"]);
    expect(rows[4]?.at(-1)).toBe('Üx');
    expect(rows.slice(-1)).toMatchObject([
      ['1504', 'employee_id', 'conflicting_duplicate', expect.any(String), 'C1'],
    ]);
    expect(status.result.errors.map(({ line }) => line)).toEqual(found.slice(0, 100));
  });

  it('has a header alone where nothing is wrong, and nothing of an upload that is not there', async () => {
    const { task_id, result } = await app.upload([SURVEY_HEADER, row('E1')].join('\n'));
    expect(result).toMatchObject({ errors_total: 0, errors: [] });
    expect((await errorFile(task_id)).text).toBe('line,column,code,message,value\n');
    const head = await app.request(`/api/v1/uploads/${task_id}/errors.csv`, { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
    const { response, text } = await errorFile('none');
    expect([response.status, JSON.parse(text)]).toEqual([
      404,
      expect.objectContaining({ code: 'not_found' }),
    ]);
  });

  it('ends at max_errors, and keeps what was found so far', async () => {
    const lines = [SURVEY_HEADER, row('F1'), ...Array.from({ length: 9 }, () => row('', {}))];
    const stopped = await app.upload(lines.join('\n'), { max_errors: '3' });
    expect(stopped).toMatchObject({
      status: 'failed',
      code: 'too_many_errors',
      result: { rows_read: 5, rows_valid: 1, rows_written: 0, rows_rejected: 4, errors_total: 4 },
    });
    expect((await errorFile(stopped.task_id)).rows).toHaveLength(5);
    expect((await app.request('/api/v1/employees/F1')).status).toBe(404);
    const taken = await app.upload(lines.join('\n'), { max_errors: '9' });
    expect(taken).toMatchObject({ status: 'completed', result: { rows_written: 1, rows_rejected: 9 } });
  });

  it.each(['0', '-1', '1.5', 'x', '1e3'])('refuses %s for max_errors', async (max_errors) => {
    const response = await app.post([SURVEY_HEADER, row('G1')].join('\n'), { max_errors });
    expect([response.status, await response.json()]).toEqual([
      400,
      expect.objectContaining({
        code: 'validation_failed',
        errors: [expect.objectContaining({ field: 'max_errors' })],
      }),
    ]);
  });

  it.each([
    ['header_too_long', { line: 3, column: 'x'.repeat(41) }, `\n \n${SURVEY_HEADER},${'x'.repeat(41)}\n`],
    ['missing_column', { line: 3, column: 'Q3' }, `\n\n${SURVEY_HEADER.replace('Q3_Label', 'Label_3')}\n`],
    ['duplicate_header', { line: 2, column: 'Q1_Label', value: 'Q1_Label' }, `\n${SURVEY_HEADER},Q1_Label\n`],
    ['unknown_header', { line: 2 }, '\na,b\n1,2\n'],
    ['record_too_long', { line: 2 }, `${SURVEY_HEADER}\n${row('x'.repeat(2_001))}\n`],
  ])('names the place of %s', async (code, place, content) => {
    const status = await app.upload(content);
    expect(status).toMatchObject({ status: 'failed', code, result: { errors: [{ code, ...place }] } });
    expect(status.result).toMatchObject({ dialect: { delimiter: ',' } });
    const { rows } = await errorFile(status.task_id);
    expect(rows.slice(1).map(([line, , of]) => [line, of])).toEqual([[String(place.line), code]]);
  });

  it('tells what was found before the file turned out to be unusable', async () => {
    const status = await app.upload(
      [SURVEY_HEADER, row('', {}), ...Array.from({ length: 3_000 }, (_, n) => row(`H${n}`)), '"x'].join('\n'),
    );
    expect(status).toMatchObject({
      code: 'unclosed_quote',
      result: {
        kind: 'survey',
        rows_written: 0,
        rows_rejected: 1,
        errors: [
          { code: 'blank_id', line: 2 },
          { code: 'unclosed_quote', line: 3_003 },
        ],
      },
    });
  });
});
