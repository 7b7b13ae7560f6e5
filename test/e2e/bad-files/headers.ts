import { expect } from '@jest/globals';
import { fails, type BadFile } from './bad-file.js';
import { company, HEADER, person, row, survey } from './survey-file.js';

/** A file of one good row under another header. */
const under = (header: string, before = '') => `${before}${header}\n${row('E1')}\n`;
const renamed = (from: string, to: string) => under(HEADER.replace(from, to));
const more = (name: string) => `${HEADER},${name}\n${row('E1')},x\n`;
const STRANGE = ['__proto__', 'constructor', 'toString', '=cmd()', '<script>', 'Q0', 'Q1000', 'quarter'];
const imported = { leaves: company(person('E1')) };

/** Files whose columns are too many, too few or unknown. */
export const HEADERS: readonly BadFile[] = [
  {
    that: 'names a column twice',
    file: more('location'),
    gives: fails('duplicate_header', ['duplicate_header', 1, 'location', 'location']),
  },
  {
    that: 'names a column twice in different letters',
    file: more('Employee-ID'),
    gives: fails('duplicate_header', ['duplicate_header', 1, 'Employee-ID']),
  },
  {
    that: 'names the department twice by its two names',
    file: more('division'),
    gives: fails('duplicate_header', ['duplicate_header', 1, 'division']),
  },
  {
    that: 'asks a question twice',
    file: more('Q01_Again'),
    gives: fails('duplicate_header', ['duplicate_header', 1, 'Q01_Again']),
  },
  {
    that: 'names unknown columns twice',
    file: `${HEADER},shoe,Shoe\n${row('E1')},,\n`,
    gives: fails('duplicate_header', ['duplicate_header', 1, 'Shoe']),
  },
  {
    that: 'has a column without a name',
    file: renamed('location', ''),
    gives: fails('empty_header', ['empty_header', 1, 'column 5']),
  },
  {
    that: 'has a column of blanks for a name',
    file: renamed('location', '" _ "'),
    gives: fails('empty_header', ['empty_header', 1, 'column 5']),
  },
  {
    that: 'ends every line with a delimiter',
    file: `${HEADER},\n${row('E1')},\n`,
    gives: fails('empty_header', ['empty_header', 1, 'column 23']),
  },
  ...['employee_id', 'submission_date', 'department', 'Q3', 'Q15'].map((column) => ({
    that: `has no column ${column}`,
    file: renamed(column, 'shoe'),
    gives: fails('missing_column', ['missing_column', 1, column]),
  })),
  {
    that: 'lacks several columns, behind blank lines',
    file: `\n\n${HEADER.replace('department', 'shoe').replace('Q1,', 'hat,')}\n${row('E1')}\n`,
    gives: fails('missing_column', ['missing_column', 3, 'department'], ['missing_column', 3, 'Q1']),
  },
  {
    that: 'lacks a column and has another twice',
    file: `${HEADER.replace('department', 'location')}\n${row('E1')}\n`,
    gives: fails(
      'duplicate_header',
      ['duplicate_header', 1, 'location'],
      ['missing_column', 1, 'department'],
    ),
  },
  {
    that: 'has __proto__ where the employee should be',
    file: renamed('employee_id', '__proto__'),
    gives: fails('missing_column', ['missing_column', 1, 'employee_id']),
  },
  {
    that: `has columns that mean nothing: ${STRANGE.join(', ')}`,
    file: `${HEADER},${STRANGE.join(',')}\n${row('E1')}${',x'.repeat(STRANGE.length)}\n`,
    gives: {
      ...imported,
      warnings: STRANGE.map((column) => ['column_ignored', column]),
      report: { ignored_columns: STRANGE },
    },
  },
  {
    that: 'lacks a scored question that is not required',
    file: renamed('Q2', 'shoe'),
    gives: {
      warnings: [
        ['question_missing', 'Q2'],
        ['column_ignored', 'shoe'],
      ],
      leaves: {
        ...imported.leaves,
        responses: [
          { responseId: 'E1:2025-03-01', answers: expect.not.objectContaining({ Q2: expect.anything() }) },
        ],
      },
    },
  },
  {
    that: 'asks a question that nobody scores',
    file: `${HEADER},Q16_Extra\n${row('E1')},3\n`,
    gives: {
      leaves: { ...imported.leaves, responses: [{ responseId: 'E1:2025-03-01', answers: { Q16_Extra: 3 } }] },
    },
  },
];

/** Files whose columns go by other names than the usual ones. */
export const HEADER_NAMES: readonly BadFile[] = [
  {
    that: 'writes its columns in other letters, with blanks and strokes',
    file: under(
      HEADER.replace('response_id', 'RESPONSE-ID')
        .replace('employee_id', ' Employee Id ')
        .replace('submission_date', 'SubmissionDate')
        .replace('department', 'DIVISION')
        .replace('name', 'Employee_Name')
        .replace('Q1,', ' q1_Recommend ,'),
    ),
    gives: { leaves: { ...imported.leaves, responses: [{ responseId: 'E1:2025-03-01' }] } },
  },
  {
    that: 'has the typo that real exports carry',
    file: renamed('employee_id', 'mployee_id'),
    gives: imported,
  },
  { that: 'has its header in quotes', file: under(`"${HEADER.replaceAll(',', '","')}"`), gives: imported },
  {
    that: 'has a line end in a column name, and counts it as a line',
    file: `${HEADER.replace('location', '"loca\ntion"')}\n${row('E1')}\n${row('')}\n`,
    gives: { ...imported, errors: [['blank_id', 4, 'employee_id']] },
  },
  {
    that: 'has blank lines before its header, and counts them',
    file: `\n \n${survey(row('E1'), row(''))}`,
    gives: { ...imported, errors: [['blank_id', 5, 'employee_id']] },
  },
];
