import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TestApp } from '../support/app.js';
import { SURVEY_HEADER, surveyCsv, uniform } from '../support/survey.js';
import { temporaryFolder } from '../support/temporary-folder.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let app: TestApp;

beforeAll(async () => {
  folder = await temporaryFolder();
  app = await TestApp.start({ DATA_DIR: folder.path, UPLOAD_MAX_CELL: '300' });
});
afterAll(async () => {
  await app.stop();
  await folder.remove();
});

const HEADER = `response_id,location,${SURVEY_HEADER}`;
const [ID, LOCATION, EMPLOYEE, DATE, DEPARTMENT, Q1] = [0, 1, 2, 3, 4, 5];

/** A valid row of `employee` but for what `changes` replaces, by position in the header. */
function row(employee: string, changes: Record<number, string> = {}): string {
  const cells = ['', 'Rome', employee, '2025-03-01', 'Sales', ...Array.from({ length: 15 }, () => '4')];
  for (const [index, cell] of Object.entries(changes)) cells[Number(index)] = cell;
  return cells.join(',');
}

/** Each test has employees of its own. */
let rows = 0;

const tomorrow = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
const exists = async (id: string) =>
  (await app.request(`/api/v1/employees/${encodeURIComponent(id)}`)).status === 200;

describe('a bad row', () => {
  it.each([
    ['blank_id', 'employee_id', { [EMPLOYEE]: ' ' }],
    ['invalid_id', 'employee_id', { [EMPLOYEE]: 'E\u202e1' }],
    ['invalid_id', 'employee_id', { [EMPLOYEE]: 'E\u200b1' }],
    ['invalid_id', 'employee_id', { [EMPLOYEE]: 'E\u00071' }],
    ['id_too_long', 'employee_id', { [EMPLOYEE]: 'e'.repeat(257) }],
    ['invalid_id', 'response_id', { [ID]: 'R\u20661' }],
    ['blank_date', 'submission_date', { [DATE]: '' }],
    ['invalid_date', 'submission_date', { [DATE]: '2023-02-29' }],
    ['ambiguous_date', 'submission_date', { [DATE]: '01/02/2024' }],
    ['future_date', 'submission_date', { [DATE]: tomorrow(2) }],
    ['name_too_long', 'department', { [DEPARTMENT]: 'd'.repeat(257) }],
    ['cell_too_long', 'location', { [LOCATION]: 'l'.repeat(301) }],
    ...['0', '6', '-1', '3.5', '1e0', '٣', 'NaN', 'Agree', '=4'].map(
      (answer) => ['invalid_answer', 'Q1_Label', { [Q1]: answer }] as const,
    ),
  ])('with %s in %s is named, and the others are written: %j', async (code, column, changes) => {
    const [good, bad] = [`N${(rows += 1)}`, `N${(rows += 1)}`];
    const { status, result } = await app.upload([HEADER, row(good), row(bad, changes), ''].join('\n'));
    expect([status, result.errors]).toEqual([
      'completed',
      [
        {
          code,
          message: expect.stringMatching(/^[A-Z].{10,}\.$/),
          line: 3,
          column,
          ...(code.startsWith('blank_') ? {} : { value: Object.values(changes)[0]?.slice(0, 80) }),
        },
      ],
    ]);
    expect(result).toMatchObject({ rows_read: 2, rows_written: 1, rows_rejected: 1 });
    expect([await exists(good), await exists(bad)]).toEqual([true, false]);
  });

  it.each([
    ['too_few_cells', 'S1,2025-03-01'],
    ['too_many_cells', `${row('S1')},`],
  ])('with %s is named by its line alone', async (code, line) => {
    const { result } = await app.upload([HEADER, line, row('N1')].join('\n'));
    expect(result.errors).toEqual([{ code, message: expect.any(String), line: 2 }]);
    expect(await exists('S1')).toBe(false);
  });

  it('is not one: a date within a day of now, formula-like text, an id with any letters', async () => {
    const { result } = await app.upload(
      [HEADER, row('=1+1', { [DATE]: tomorrow(0.9) }), row('@Ünï/人 7', { [LOCATION]: '=cmd()' })].join('\n'),
    );
    expect(result).toMatchObject({ rows_written: 2, errors: [] });
    expect([await exists('=1+1'), await exists('@Ünï/人 7')]).toEqual([true, true]);
    expect(await app.json('GET', `/employees/${encodeURIComponent('@Ünï/人 7')}`)).toMatchObject({
      location: '=cmd()',
    });
  });
});

describe('rows with one response id', () => {
  it('count as duplicates when they are the same, and are all rejected when they are not', async () => {
    const twin = row('T1', { [ID]: 'R1' });
    const lines = [HEADER, twin, twin, row('T2', { [ID]: 'R2' }), row('T3', { [ID]: 'R2' }), row('T4')];
    const { result } = await app.upload(lines.join('\n'));
    expect(result).toMatchObject({ rows_read: 5, rows_written: 2, rows_rejected: 2, rows_duplicate: 1 });
    expect(result.errors.map(({ code, line }) => [code, line])).toEqual([
      ['conflicting_duplicate', 4],
      ['conflicting_duplicate', 5],
    ]);
    expect(await Promise.all(['T1', 'T2', 'T3', 'T4'].map(exists))).toEqual([true, false, false, true]);
  });
});

describe('the form fields', () => {
  it('say how to read dates', async () => {
    const file = [HEADER, row('D1', { [DATE]: '31/01/2024' })].join('\n');
    expect((await app.upload(file, { date_format: 'DMY' })).status).toBe('completed');
    expect(await app.json('GET', '/employees/D1')).toMatchObject({ last_submission_date: '2024-01-31' });
    expect(await app.upload(file, { date_format: 'MDY' })).toMatchObject({
      code: 'no_valid_rows',
      result: { errors: [{ code: 'invalid_date' }] },
    });
  });

  it('overrule what the header tells about the kind', async () => {
    const file = 'employee_id,Q1\nK1,5\n';
    expect(await app.upload(file)).toMatchObject({ status: 'failed', code: 'missing_column' });
    expect(await app.upload(file, { kind: 'employees' })).toMatchObject({
      status: 'completed',
      result: { warnings: [{ code: 'column_ignored', column: 'Q1' }] },
    });
  });

  it('may be left blank', async () => {
    const blank = { kind: '', mode: '', dry_run: '', date_format: '' };
    expect((await app.upload(surveyCsv([uniform('B1', 4)]), blank)).status).toBe('completed');
    expect(await exists('B1')).toBe(true);
  });
});

describe('a roster', () => {
  it('has its bad rows named too', async () => {
    const long = 'd'.repeat(257);
    expect(
      await app.upload(`Employee_ID,name,division\n,Ada,Sales\nR1,Ada,${long}\nR2,Ada,Sales\n`),
    ).toMatchObject({
      result: {
        rows_written: 1,
        errors: [
          { code: 'blank_id', line: 2, column: 'Employee_ID' },
          { code: 'name_too_long', line: 3, column: 'division' },
        ],
      },
    });
    expect(await app.upload('department_id,department_name\nD1,\n,Sales\n')).toMatchObject({
      code: 'no_valid_rows',
      result: { rows_written: 0, errors: [{ code: 'blank_name' }, { code: 'blank_id' }] },
    });
  });
});
