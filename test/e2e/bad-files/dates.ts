import type { BadFile, Finding } from './bad-file.js';
import { company, daysFromNow, person, row, survey } from './survey-file.js';

const IN_THREE_DAYS = daysFromNow(3).slice(0, 10);
const SOON = daysFromNow(0.8);

const REFUSED: readonly [date: string, code: string][] = [
  ['2024-02-30', 'invalid_date'],
  ['2023-02-29', 'invalid_date'],
  ['2025-13-01', 'invalid_date'],
  ['0000-00-00', 'invalid_date'],
  ['1899-12-31', 'invalid_date'],
  ['45352', 'invalid_date'],
  ['45352.5', 'invalid_date'],
  ['20250301', 'invalid_date'],
  ['2025-3-1', 'invalid_date'],
  ['2025/03/01', 'invalid_date'],
  ['1 March 2025', 'invalid_date'],
  ['٢٠٢٥-٠٣-٠١', 'invalid_date'],
  ['2025-03-01T24:00', 'invalid_date'],
  ['2025-03-01T08:30+15:00', 'invalid_date'],
  ['31/01/2024', 'ambiguous_date'],
  ['01/02/2024', 'ambiguous_date'],
  ['1.2.2024', 'ambiguous_date'],
  [IN_THREE_DAYS, 'future_date'],
  [daysFromNow(1.1), 'future_date'],
];

/** A time, and the moment that it is. Where clocks are put forward or back, the offset tells which hour is meant. */
const TAKEN: readonly [date: string, moment: string][] = [
  ['2024-02-29', '2024-02-29'],
  [' 2025-03-01 ', '2025-03-01'],
  ['2025-03-01T08:30', '2025-03-01T08:30:00.000Z'],
  ['2025-03-01 08:30:15.5', '2025-03-01T08:30:15.500Z'],
  ['2025-01-01T00:30:00+02:00', '2024-12-31T22:30:00.000Z'],
  ['2025-03-30T02:30:00+01:00', '2025-03-30T01:30:00.000Z'],
  ['2025-12-31T23:30:00-0330', '2026-01-01T03:00:00.000Z'],
  [SOON, SOON],
];

/** The hour that comes twice when clocks are put back: the second is the later one, whatever the order of the rows. */
const FIRST_HALF_PAST_TWO = row('E1', { submission_date: '2025-10-26T02:30:00+02:00', answers: '3' });
const SECOND_HALF_PAST_TWO = row('E1', { submission_date: '2025-10-26T02:30:00+01:00', answers: '5' });
const halfPastTwoTwice = {
  ...company(person('E1', { date: '2025-10-26T01:30:00.000Z', answer: 5 })),
  responses: [
    { responseId: 'E1:2025-10-26T00:30:00.000Z', answers: { Q1: 3 } },
    { responseId: 'E1:2025-10-26T01:30:00.000Z', answers: { Q1: 5 } },
  ],
};

/** Dates, and what only looks like them. */
export const DATES: readonly BadFile[] = [
  {
    that: `has the dates ${REFUSED.map(([date]) => date).join(', ')}`,
    file: survey(
      row('E1'),
      ...REFUSED.map(([submission_date], n) => row(`B${n}`, { submission_date, answers: '1' })),
    ),
    gives: {
      errors: REFUSED.map(([date, code], n): Finding => [code, n + 3, 'submission_date', date]),
      leaves: company(person('E1')),
    },
  },
  {
    that: 'has a blank date',
    file: survey(row('E1'), row('E2', { submission_date: ' ' })),
    gives: { errors: [['blank_date', 3, 'submission_date']], leaves: company(person('E1')) },
  },
  {
    that: `has the dates ${TAKEN.map(([date]) => date).join(', ')}, which are dates`,
    file: survey(...TAKEN.map(([submission_date], n) => row(`E${n}`, { submission_date }))),
    gives: { leaves: company(...TAKEN.map(([, date], n) => person(`E${n}`, { date }))) },
  },
  {
    that: 'has both hours of the night when clocks are put back',
    file: survey(FIRST_HALF_PAST_TWO, SECOND_HALF_PAST_TWO),
    gives: { leaves: halfPastTwoTwice },
  },
  {
    that: 'has them the other way round',
    file: survey(SECOND_HALF_PAST_TWO, FIRST_HALF_PAST_TWO),
    gives: { leaves: halfPastTwoTwice },
  },
  ...(
    [
      ['DMY', '01/02/2024', '2024-02-01'],
      ['MDY', '01/02/2024', '2024-01-02'],
      ['DMY', '31.1.2024', '2024-01-31'],
      ['MDY', '2024-01-31', '2024-01-31'],
    ] as const
  ).map(([date_format, submission_date, date]): BadFile => ({
    that: `has the date ${submission_date} and says ${date_format}`,
    file: survey(row('E1', { submission_date })),
    fields: { date_format },
    gives: { leaves: company(person('E1', { date })) },
  })),
  {
    that: 'says MDY and has a month 31',
    file: survey(row('E1', { submission_date: '31/01/2024' })),
    fields: { date_format: 'MDY' },
    gives: { fails: 'no_valid_rows', errors: [['invalid_date', 2, 'submission_date', '31/01/2024']] },
  },
];
