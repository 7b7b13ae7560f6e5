import { describe, expect, it } from '@jest/globals';
import { detectKind, mapHeader, questionNumber } from '../../../../src/domain/csv/header.js';

const REQUIRED = [1, 3];

describe('detectKind', () => {
  it.each([
    [['employee_id', 'submission_date', 'department', 'Q1'], 'survey'],
    [['mployee_id', 'Q1'], 'survey'],
    [['Employee ID', 'name'], 'employees'],
    [['DEPARTMENT-ID', 'department_name'], 'departments'],
    [['Q1', 'Q3'], 'survey'],
    [['submission-date'], 'survey'],
    [['__proto__', 'constructor'], undefined],
    [[], undefined],
    [['E1', '2025-01-01', 'Sales', '4'], undefined],
  ])('%j is %s', (names, kind) => {
    expect(detectKind(names)).toBe(kind);
  });
});

describe('questionNumber', () => {
  it.each([
    ['Q1', 1],
    ['q01', 1],
    ['Q7_Culture', 7],
    ['Q12 Growth', 12],
    ['Q1_2', 1],
    ['Q0', undefined],
    ['Q1000', undefined],
    ['Quarter', undefined],
    ['__proto__', undefined],
  ])('%s is %s', (name, number) => {
    expect(questionNumber(name)).toBe(number);
  });
});

describe('mapHeader', () => {
  it('finds columns under their other names, in any spelling', () => {
    const mapped = mapHeader(
      'survey',
      [' Employee-ID ', 'SUBMISSION DATE', 'Division', 'Q1_Recommend', 'q3', 'extra', '__proto__'],
      REQUIRED,
    );
    if ('errors' in mapped) throw new Error(JSON.stringify(mapped.errors));
    expect([...mapped.map.fields]).toEqual([
      ['employee_id', 0],
      ['submission_date', 1],
      ['department', 2],
    ]);
    expect(mapped.map.questions).toEqual([
      { number: 1, name: 'Q1_Recommend', index: 3 },
      { number: 3, name: 'q3', index: 4 },
    ]);
    expect(mapped.map.ignored).toEqual(['extra', '__proto__']);
  });

  it.each([
    [['employee_id', 'submission_date', 'Q1', 'Q3'], [['missing_column', 'department']]],
    [['employee_id', 'submission_date', 'department', 'Q1'], [['missing_column', 'Q3']]],
    [
      ['employee_id', 'Employee ID', 'submission_date', 'department', 'Q1', 'Q3'],
      [['duplicate_header', 'Employee ID']],
    ],
    [
      ['employee_id', 'submission_date', 'department', 'Q1', 'Q1_Twin', 'Q3'],
      [['duplicate_header', 'Q1_Twin']],
    ],
    [
      ['employee_id', 'mployee_id', 'submission_date', 'department', 'Q1', 'Q3'],
      [['duplicate_header', 'mployee_id']],
    ],
    [['employee_id', 'submission_date', 'department', 'Q1', 'Q01', 'Q3'], [['duplicate_header', 'Q01']]],
    [['employee_id', 'submission_date', 'department', 'Q1', 'Q3', 'x', ' X_'], [['duplicate_header', 'X_']]],
    [['employee_id', 'submission_date', 'department', 'Q1', 'Q3', ' '], [['empty_header', 'column 6']]],
    [
      ['employee_id', 'submission_date', 'department', 'Q1', 'Q3', '', '_'],
      [
        ['empty_header', 'column 6'],
        ['empty_header', 'column 7'],
      ],
    ],
    [
      ['Q3'],
      [
        ['missing_column', 'employee_id'],
        ['missing_column', 'submission_date'],
        ['missing_column', 'department'],
        ['missing_column', 'Q1'],
      ],
    ],
  ])('refuses %j', (names, expected) => {
    const mapped = mapHeader('survey', names, REQUIRED);
    expect('errors' in mapped && mapped.errors.map(({ code, column }) => [code, column])).toEqual(expected);
  });

  it('names the line of the header, and the name as it stands', () => {
    const names = ['employee_id', 'submission_date', 'department', 'Q1', ' q01 ', ' '];
    const mapped = mapHeader('survey', names, REQUIRED, 7);
    expect('errors' in mapped && mapped.errors).toMatchObject([
      { code: 'empty_header', line: 7, column: 'column 6' },
      { code: 'duplicate_header', line: 7, column: 'q01', value: ' q01 ' },
      { code: 'missing_column', line: 7, column: 'Q3' },
    ]);
  });
});
