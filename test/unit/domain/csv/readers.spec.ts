import { describe, expect, it } from '@jest/globals';
import { mapHeader } from '../../../../src/domain/csv/header.js';
import { departmentReader, employeeReader } from '../../../../src/domain/csv/roster-readers.js';
import type { RowReading } from '../../../../src/domain/csv/row-reading.js';
import { surveyReader } from '../../../../src/domain/csv/survey-reader.js';
import { DEFAULT_INSTRUMENT } from '../../../../src/domain/surveys/questionnaire.js';
import type { UploadKind } from '../../../../src/domain/csv/file-options.js';

const HEADER = ['employee_id', 'submission_date', 'department', 'response_id', 'Q1_Recommend', 'Q3'];

function map<Kind extends UploadKind>(kind: Kind, names: readonly string[]) {
  const mapped = mapHeader(kind, names, []);
  if ('errors' in mapped) throw new Error(JSON.stringify(mapped.errors));
  return mapped.map;
}

const record = (...cells: string[]) => ({ cells, line: 2 });
const read = surveyReader(map('survey', HEADER), {
  instrument: DEFAULT_INSTRUMENT,
  dateFormat: 'ISO',
  maxCellCharacters: 300,
  now: Date.parse('2026-01-01'),
});
const codes = (reading: RowReading<unknown>) =>
  'issues' in reading ? reading.issues.map(({ code, column }) => [code, column]) : [];

describe('surveyReader', () => {
  it('reads a row, and makes a response id where the file has none', () => {
    expect(read(record(' 007 ', '2025-03-01', ' Sales ', '', '4', ''), 9)).toEqual({
      row: {
        responseId: '007:2025-03-01',
        employeeId: '007',
        submissionDate: '2025-03-01',
        department: 'Sales',
        answers: [undefined, 4],
        row: 9,
      },
    });
  });

  it.each(['1', '5', ' 3 ', '4.0'])('takes the answer %j', (answer) => {
    expect(codes(read(record('E1', '2025-03-01', 'Sales', '', answer, ''), 1))).toEqual([]);
  });

  it.each(['0', '6', '-1', '3.5', '04', '+4', '4,0', '1e0', '٣', 'NaN', 'Agree', '=4', '4 4'])(
    'refuses the answer %j',
    (answer) => {
      expect(codes(read(record('E1', '2025-03-01', 'Sales', '', answer, ''), 1))).toEqual([
        ['invalid_answer', 'Q1_Recommend'],
      ]);
    },
  );

  it.each([
    ['', 'blank_id'],
    ['a'.repeat(257), 'id_too_long'],
    ['a\u0000b', 'invalid_id'],
    ['a\u200bb', 'invalid_id'],
    ['a\u202eb', 'invalid_id'],
    ['a\nb', 'invalid_id'],
  ])('refuses the id %j', (id, code) => {
    expect(codes(read(record(id, '2025-03-01', 'Sales', '', '4', ''), 1))).toEqual([[code, 'employee_id']]);
    if (id !== '')
      expect(codes(read(record('E1', '2025-03-01', 'Sales', id, '4', ''), 1))).toEqual([
        [code, 'response_id'],
      ]);
  });

  it('names a column briefly, however long its header is', () => {
    const long = surveyReader(map('survey', [...HEADER.slice(0, 4), `Q1_${'y'.repeat(5_000)}`]), {
      instrument: DEFAULT_INSTRUMENT,
      dateFormat: 'ISO',
      maxCellCharacters: 300,
      now: 0,
    });
    const [[, column] = []] = codes(long(record('E1', '1969-03-01', 'Sales', '', '9'), 1));
    expect(column).toBe(`Q1_${'y'.repeat(77)}`);
  });

  it('keeps ids as the text they are', () => {
    for (const id of ['000123', '1.23E+05', '__proto__', 'Ünï', 'a'.repeat(256)]) {
      expect(read(record(id, '2025-03-01', 'Sales', '', '4', ''), 1)).toMatchObject({
        row: { employeeId: id },
      });
    }
  });

  it('names everything that is wrong with a row at once', () => {
    expect(codes(read(record('', 'soon', 'x'.repeat(257), '', '9', '0'), 1))).toEqual([
      ['blank_id', 'employee_id'],
      ['invalid_date', 'submission_date'],
      ['name_too_long', 'department'],
      ['invalid_answer', 'Q1_Recommend'],
      ['invalid_answer', 'Q3'],
    ]);
  });

  it('does not read cells of a row with the wrong shape', () => {
    expect(codes(read(record('E1', '2025-03-01'), 1))).toEqual([['too_few_cells', undefined]]);
    expect(codes(read(record('E1', '2025-03-01', 'Sales', '', '4', '', ''), 1))).toEqual([
      ['too_many_cells', undefined],
    ]);
    expect(codes(read(record('E1', '2025-03-01', 'x'.repeat(301), '', '4', ''), 1))).toEqual([
      ['cell_too_long', 'department'],
    ]);
  });
});

describe('roster readers', () => {
  it('reads an employee, and a blank cell says nothing', () => {
    const reader = employeeReader(
      map('employees', ['Employee_ID', 'employee_name', 'department', 'gender']),
      300,
    );
    expect(reader(record('E1', '=cmd()', ' Sales ', ' '), 3)).toEqual({
      row: { employeeId: 'E1', attributes: { name: '=cmd()', division: 'Sales' }, row: 3 },
    });
    expect(codes(reader(record('', 'Ada', 'Sales', ''), 3))).toEqual([['blank_id', 'Employee_ID']]);
  });

  it('reads a department', () => {
    const reader = departmentReader(map('departments', ['department_id', 'department_name']), 300);
    expect(reader(record('D1', ' Sales '), 1)).toEqual({
      row: { departmentId: 'D1', departmentName: 'Sales', row: 1 },
    });
    expect(codes(reader(record('', ' '), 1))).toEqual([
      ['blank_id', 'department_id'],
      ['blank_name', 'department_name'],
    ]);
  });
});
