import { fails, type BadFile, type Finding } from './bad-file.js';
import { company, HEADER, person, row, survey } from './survey-file.js';

const short: Finding = ['too_few_cells', 3];

/** Quotes that are open, astray, or only look like it. */
export const QUOTES: readonly BadFile[] = [
  {
    that: 'has a quote that is never closed in its last row',
    file: survey(row('E1'), row('E2', { location: '"Rome' })),
    gives: fails('unclosed_quote', ['unclosed_quote', 3]),
  },
  {
    that: 'has a quote that is never closed, and rows after it',
    file: survey(row('E1'), row('E2', { location: '"Rome' }), row('E3'), row('E4')),
    gives: fails('unclosed_quote', ['unclosed_quote', 3]),
  },
  {
    that: 'has a quote that is never closed in a record that began lines before',
    file: survey(row('E1'), row('E2', { location: '"a\nb"', name: '"Ada' })),
    gives: fails('unclosed_quote', ['unclosed_quote', 3]),
  },
  {
    that: 'has a quote that is never closed in its header',
    file: `"${HEADER}\n${row('E1')}\n`,
    gives: fails('unclosed_quote', ['unclosed_quote', 1]),
  },
  {
    that: 'has bad rows before a quote that is never closed',
    file: survey(row('E1'), row(''), row('E3', { name: '"' })),
    gives: fails('unclosed_quote', ['blank_id', 3, 'employee_id'], ['unclosed_quote', 4]),
  },
  {
    that: 'has a stray quote',
    file: survey(row('E1'), row('E2', { location: '"Ro"me' })),
    gives: fails('stray_quote', ['stray_quote', 3]),
  },
  {
    that: 'has a stray quote, and quotes after it',
    file: survey(row('E1'), row('E2', { location: '"Ro"me' }), row('E3', { location: '"Oslo"' })),
    gives: fails('stray_quote', ['stray_quote', 3]),
  },
  {
    that: 'has a quote that swallows a row up to a quote in another column',
    file: survey(row('E1'), row('E2', { location: '"Rome' }), row('E3', { name: 'Ada"' }), row('E4')),
    gives: { errors: [short], report: { rows_read: 3 }, leaves: company(person('E1'), person('E4')) },
  },
  {
    that: 'has a cell that ends on the next line: as CSV says, that is one row',
    file: survey(row('E2', { location: '"Rome' }), row('E3', { location: 'Oslo"', answers: '5' })),
    gives: {
      report: { rows_read: 1 },
      leaves: company(
        person('E2', {
          answer: 5,
          facts: { location: `Rome,,${',4'.repeat(15)}\n,E3,2025-03-01,Sales,Oslo` },
        }),
      ),
    },
  },
  {
    that: 'has a stray quote in its header',
    file: `${HEADER.replace('location', '"loc"ation')}\n${row('E1')}\n`,
    gives: fails('stray_quote', ['stray_quote', 1]),
  },
  {
    that: 'has quotes inside cells that are not quoted',
    file: survey(row('E1', { location: '5" wide', name: 'Ada "the" Byron' })),
    gives: { leaves: company(person('E1', { facts: { location: '5" wide', name: 'Ada "the" Byron' } })) },
  },
  {
    that: 'has doubled quotes, and quotes around nothing',
    file: survey(row('E1', { location: '""', name: '"Ada ""the"" Byron"', position: '""""' })),
    gives: {
      leaves: company(person('E1', { facts: { location: null, name: 'Ada "the" Byron', position: '"' } })),
    },
  },
  {
    that: 'has single quotes and backslashes, which mean nothing',
    file: survey(row("'E1'", { location: 'a\\', name: "O'Neil" })),
    gives: { leaves: company(person("'E1'", { facts: { location: 'a\\', name: "O'Neil" } })) },
  },
];

/** Rows that do not have the cells of the header. */
export const RAGGED: readonly BadFile[] = [
  {
    that: 'has a row with a cell too few',
    file: survey(row('E1'), row('E2').slice(0, -2), row('E3')),
    gives: { errors: [short], leaves: company(person('E1'), person('E3')) },
  },
  {
    that: 'has a row with a cell too many',
    file: survey(row('E1'), `${row('E2')},4`, row('E3')),
    gives: { errors: [['too_many_cells', 3]], leaves: company(person('E1'), person('E3')) },
  },
  {
    that: 'has a row that ends with a delimiter',
    file: survey(row('E1'), `${row('E2')},`),
    gives: { errors: [['too_many_cells', 3]], leaves: company(person('E1')) },
  },
  {
    that: 'has a delimiter in a cell that is not quoted',
    file: survey(row('E1'), row('E2', { name: 'Byron, Ada' })),
    gives: { errors: [['too_many_cells', 3]], leaves: company(person('E1')) },
  },
  {
    that: 'has a row of one cell, and one with another delimiter',
    file: survey(row('E1'), 'Total: 2', row('E2').replaceAll(',', ';')),
    gives: { errors: [short, ['too_few_cells', 4]], leaves: company(person('E1')) },
  },
  {
    that: 'has only ragged rows',
    file: survey('E1', `${row('E2')},,`),
    gives: {
      fails: 'no_valid_rows',
      errors: [
        ['too_few_cells', 2],
        ['too_many_cells', 3],
      ],
    },
  },
];
