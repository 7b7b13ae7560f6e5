import { fails, type BadFile, type Finding } from './bad-file.js';
import { company, HEADER, person, row, survey } from './survey-file.js';

/** Files without rows, or without a header. */
export const EMPTY: readonly BadFile[] = [
  { that: 'is empty', file: '', gives: fails('empty_file', ['empty_file']) },
  { that: 'is a byte order mark', file: '\ufeff', gives: fails('empty_file', ['empty_file']) },
  { that: 'has only blank lines', file: '\n\r\n\n', gives: fails('empty_file', ['empty_file']) },
  { that: 'has only blanks and tabs', file: ' \n\t\t\n  ', gives: fails('empty_file', ['empty_file']) },
  {
    that: 'has only a header',
    file: `${HEADER}\n`,
    gives: { fails: 'no_valid_rows', report: { rows_read: 0 } },
  },
  { that: 'has only a header, and no line end', file: HEADER, gives: { fails: 'no_valid_rows' } },
  {
    that: 'has a header and blank lines',
    file: `${HEADER}\n\n ,\n`,
    gives: { fails: 'no_valid_rows', report: { rows_read: 0, rows_blank: 2 } },
  },
  {
    that: 'has no header',
    file: `${row('E1')}\n${row('E2')}\n`,
    gives: fails('unknown_header', ['unknown_header', 1]),
  },
  {
    that: 'has a header that says nothing',
    file: '\na,b\n1,2\n',
    gives: fails('unknown_header', ['unknown_header', 2]),
  },
  {
    that: 'begins as spreadsheets write it for themselves',
    file: `sep=,\n${survey(row('E1'))}`,
    gives: fails('unknown_header', ['unknown_header', 1]),
  },
];

/** Files whose kind is said, against the header. */
export const KINDS: readonly BadFile[] = [
  {
    that: 'is a survey and is said to be a department roster',
    file: survey(row('E1')),
    fields: { kind: 'departments' },
    gives: fails(
      'missing_column',
      ['missing_column', 1, 'department_id'],
      ['missing_column', 1, 'department_name'],
    ),
  },
  {
    that: 'is a roster and is said to be a survey',
    file: 'employee_id,submission_date,department\nE1,2025-03-01,Sales\n',
    fields: { kind: 'survey' },
    gives: fails(
      'missing_column',
      ...[1, 3, 7, 9, 11, 12, 15].map((n): Finding => ['missing_column', 1, `Q${n}`]),
    ),
  },
  {
    that: 'says nothing of its kind and is said to be an employee roster',
    file: 'a,b\n1,2\n',
    fields: { kind: 'employees' },
    gives: fails('missing_column', ['missing_column', 1, 'employee_id']),
  },
  {
    that: 'looks like a survey that lacks columns',
    file: 'employee_id,Q1\nE1,5\n',
    gives: fails(
      'missing_column',
      ['missing_column', 1, 'submission_date'],
      ['missing_column', 1, 'department'],
      ...[3, 7, 9, 11, 12, 15].map((n): Finding => ['missing_column', 1, `Q${n}`]),
    ),
  },
  {
    that: 'looks like a survey and is said to be an employee roster',
    file: 'employee_id,name,Q1\nE1,Ada,5\n',
    fields: { kind: 'employees' },
    gives: {
      warnings: [['column_ignored', 'Q1']],
      report: { kind: 'employees' },
      leaves: { employees: [{ employee_id: 'E1', name: 'Ada', stress_rate: null }] },
    },
  },
  {
    that: 'comes with fields that are left blank',
    file: survey(row('E1')),
    fields: { kind: '', mode: '', dry_run: '', date_format: '', max_errors: '' },
    gives: { leaves: company(person('E1')) },
  },
];
