import type { BadFile } from './bad-file.js';
import { company, HEADER, person, row, survey } from './survey-file.js';

/** Settings under which each limit is within reach of a small file. */
export const LIMITS = {
  UPLOAD_MAX_BYTES: '64K',
  UPLOAD_MAX_ROWS: '50',
  UPLOAD_MAX_COLUMNS: '30',
  UPLOAD_MAX_CELL: '300',
  UPLOAD_MAX_RECORD: '2000',
  UPLOAD_MAX_HEADER: '40',
};

const people = (count: number) => Array.from({ length: count }, (_, index) => `E${index}`);
const all = (count: number) => company(...people(count).map((id) => person(id)));
const rows = (count: number) => people(count).map((id) => row(id));

/** A good row under a header that goes on with these columns. */
const withColumns = (...names: readonly string[]) =>
  `${HEADER}${names.map((name) => `,${name}`).join('')}\n${row('E1')}${','.repeat(names.length)}\n`;
const ignored = (names: readonly string[]) => ({
  warnings: names.map((name) => ['column_ignored', name] as const),
  leaves: company(person('E1')),
});
const extra = (count: number) => Array.from({ length: count }, (_, index) => `c${index}`);
/** A row of about so many characters, all of them in cells that are not too long. */
const longRow = (characters: number) => `${row('E2')}${`,${'x'.repeat(99)}`.repeat(characters / 100)}`;
const padded = (length: number) => survey(row('E1')) + '\n'.repeat(length - survey(row('E1')).length);

/** Each limit of the configuration, reached and passed. */
export const LIMITS_PASSED: readonly BadFile[] = [
  {
    that: 'is as large as it may be',
    file: padded(65_536),
    gives: { leaves: company(person('E1')) },
  },
  { that: 'is a byte too large', file: padded(65_537), gives: { refused: 413, code: 'file_too_large' } },
  { that: 'is much too large', file: padded(400_000), gives: { refused: 413, code: 'file_too_large' } },
  {
    that: 'has as many rows as it may, and blank lines',
    file: survey(...rows(25), '', ' ', ...rows(50).slice(25)),
    gives: { report: { rows_read: 50, rows_blank: 2 }, leaves: all(50) },
  },
  {
    that: 'has a row too many',
    file: survey('', ...rows(51)),
    gives: { fails: 'too_many_rows', errors: [['too_many_rows', 53]], report: { rows_read: 50 } },
  },
  {
    that: 'has as many columns as it may',
    file: withColumns(...extra(8)),
    gives: ignored(extra(8)),
  },
  {
    that: 'has a column too many',
    file: withColumns(...extra(9)),
    gives: { fails: 'too_many_columns', errors: [['too_many_columns', 1]] },
  },
  {
    that: 'has a cell as long as it may be',
    file: survey(row('E1', { name: 'n'.repeat(300) })),
    gives: { leaves: company(person('E1', { facts: { name: 'n'.repeat(300) } })) },
  },
  {
    that: 'has cells that are too long, one of them in a column that is not read',
    file: `${HEADER},shoe\n${row('E1')},\n${row('E2', { name: 'n'.repeat(301) })},${'s'.repeat(301)}\n`,
    gives: {
      ...ignored(['shoe']),
      errors: [
        ['cell_too_long', 3, 'name', 'n'.repeat(80)],
        ['cell_too_long', 3, 'shoe', 's'.repeat(80)],
      ],
    },
  },
  {
    that: 'has a record that is too long',
    file: survey(row('E1'), longRow(2_000), row('E3')),
    gives: { fails: 'record_too_long', errors: [['record_too_long', 3]] },
  },
  {
    that: 'has a quote that swallows more than a record may hold',
    file: survey(row('E1'), row('E2', { name: '"' }), ...rows(40)),
    gives: { fails: 'unclosed_quote', errors: [['unclosed_quote', 3]] },
  },
  {
    that: 'has a column name as long as it may be',
    file: withColumns('n'.repeat(40)),
    gives: ignored(['n'.repeat(40)]),
  },
  {
    that: 'has a column name that is too long',
    file: withColumns('n'.repeat(41)),
    gives: { fails: 'header_too_long', errors: [['header_too_long', 1, 'n'.repeat(41)]] },
  },
  {
    that: 'has a header that is too long as a whole',
    file: withColumns('n'.repeat(2_000)),
    gives: { fails: 'record_too_long', errors: [['record_too_long', 1]] },
  },
  {
    that: 'has as many bad rows as max_errors allows',
    file: survey(row(''), row('E1'), row('')),
    fields: { max_errors: '2' },
    gives: {
      errors: [
        ['blank_id', 2, 'employee_id'],
        ['blank_id', 4, 'employee_id'],
      ],
      leaves: company(person('E1')),
    },
  },
  {
    that: 'has a bad row more than max_errors allows',
    file: survey(row(''), row('E1'), row(''), row('E2')),
    fields: { max_errors: '1' },
    gives: {
      fails: 'too_many_errors',
      errors: [
        ['blank_id', 2, 'employee_id'],
        ['blank_id', 4, 'employee_id'],
      ],
      report: { rows_read: 3, rows_rejected: 2 },
    },
  },
  ...['0', '-1', '1.5', 'x'].map((max_errors) => ({
    that: `comes with ${max_errors} for max_errors`,
    file: survey(row('E1')),
    fields: { max_errors },
    gives: { refused: 400, code: 'validation_failed' },
  })),
];
