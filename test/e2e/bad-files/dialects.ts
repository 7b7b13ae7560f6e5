import type { BadFile } from './bad-file.js';
import { company, HEADER, person, row, survey } from './survey-file.js';

/** A good row, one that is bad on its third line, and a good one. */
const LINES = [HEADER, row('E1'), row('E2', { Q1: '6' }), row('E3')];
const FILE = `${LINES.join('\n')}\n`;

const dialect = (delimiter: string, line_ends: string, bom = false) => ({
  errors: [['invalid_answer', 3, 'Q1', '6']] as const,
  report: { rows_read: 3, rows_rejected: 1, dialect: { encoding: 'utf-8', bom, delimiter, line_ends } },
  leaves: company(person('E1'), person('E3')),
});

/** Everything in quotes. */
const quoted = LINES.map((line) => `"${line.replaceAll(',', '","')}"`).join('\n');

/** Ways in which a file may be written. */
export const DIALECTS: readonly BadFile[] = [
  { that: 'has semicolons', file: FILE.replaceAll(',', ';'), gives: dialect(';', 'lf') },
  { that: 'has tabs', file: FILE.replaceAll(',', '\t'), gives: dialect('\t', 'lf') },
  { that: 'has lines that end in CRLF', file: FILE.replaceAll('\n', '\r\n'), gives: dialect(',', 'crlf') },
  { that: 'has lines that end in CR', file: FILE.replaceAll('\n', '\r'), gives: dialect(',', 'cr') },
  {
    that: 'mixes line ends',
    file: LINES.join('\n')
      .replace('\n', '\r\n')
      .replace(/\n(?=,E3)/, '\r'),
    gives: dialect(',', 'mixed'),
  },
  { that: 'has no line end at its end', file: LINES.join('\n'), gives: dialect(',', 'lf') },
  { that: 'has a byte order mark', file: `\ufeff${FILE}`, gives: dialect(',', 'lf', true) },
  { that: 'has every cell in quotes', file: quoted, gives: dialect(',', 'lf') },
  { that: 'has blanks behind its quotes', file: quoted.replaceAll('",', '"  ,'), gives: dialect(',', 'lf') },
  {
    that: 'has all of it at once',
    file: `\ufeff${quoted.replaceAll(',', ';').replaceAll('\n', '\r\n')}`,
    gives: dialect(';', 'crlf', true),
  },
  {
    that: 'has the other delimiters in its cells',
    file: survey(row('E1', { location: 'a;b\tc', department: '"Sales, North; South"' })),
    gives: {
      leaves: {
        ...company(person('E1', { department: 'Sales, North; South', facts: { location: 'a;b\tc' } })),
        departments: [{ department_id: 'dept-sales-north-south' }],
      },
    },
  },
  {
    that: 'has line ends in its cells, and counts them as lines',
    file: survey(row('E1', { location: '"a\nb\r\nc\rd"' }), row('')).replace(/\n$/, '\r\n'),
    gives: {
      errors: [['blank_id', 6, 'employee_id']],
      leaves: company(person('E1', { facts: { location: 'a\nb\nc\nd' } })),
    },
  },
  {
    that: 'begins a bad record on one line and ends it on another',
    file: survey(row('E1'), row('E2', { location: '"a\n\nb"', Q15: '7' }), row('E3', { Q1: '9' })),
    gives: {
      errors: [
        ['invalid_answer', 3, 'Q15', '7'],
        ['invalid_answer', 6, 'Q1', '9'],
      ],
      leaves: company(person('E1')),
    },
  },
  {
    that: 'has blank lines amid its rows',
    file: survey(row('E1'), '', '  ', ',,,', row('E2', { Q1: '6' }), '', row('E3')),
    gives: {
      errors: [['invalid_answer', 6, 'Q1', '6']],
      report: { rows_read: 3, rows_blank: 4 },
      leaves: company(person('E1'), person('E3')),
    },
  },
  {
    that: 'has its columns in another order',
    file: LINES.map((line) => line.split(',').reverse().join(',')).join('\n'),
    gives: dialect(',', 'lf'),
  },
];
