import type { BadFile, Finding } from './bad-file.js';
import { company, person, row, survey } from './survey-file.js';

/** Two good rows, of which one is alarming, three bad ones and a copy. */
const MIXED = survey(
  row('E1', { answers: '1' }),
  row('B1', { Q1: '6' }),
  row('B2', { submission_date: '2024-02-30' }),
  `${row('B3')},9`,
  row('E2', { department: 'Legal' }),
  '',
  row('E2', { department: 'Legal' }),
);
const ERRORS: readonly Finding[] = [
  ['invalid_answer', 3, 'Q1', '6'],
  ['invalid_date', 4, 'submission_date', '2024-02-30'],
  ['too_many_cells', 5],
];
const COUNTS = { rows_read: 6, rows_valid: 2, rows_rejected: 3, rows_duplicate: 1, rows_blank: 1 };
const PREVIEW = { alerts_raised: 2, alerts_cleared: 0 };

/** What becomes of a file with bad rows, by mode. */
export const MODES: readonly BadFile[] = [
  {
    that: 'has bad rows: the others are written',
    file: MIXED,
    gives: {
      errors: ERRORS,
      report: { ...COUNTS, rows_written: 2, alerts_raised: 2 },
      leaves: company(person('E1', { answer: 1 }), person('E2', { department: 'Legal' })),
      alerts: ['employee_stress E1', 'department_critical dept-sales'],
    },
  },
  {
    that: 'has bad rows and comes as strict',
    file: MIXED,
    fields: { mode: 'strict' },
    gives: { fails: 'rejected_rows', errors: ERRORS, report: COUNTS },
  },
  {
    that: 'has bad rows and comes as a dry run',
    file: MIXED,
    fields: { dry_run: 'true' },
    gives: { errors: ERRORS, report: { ...COUNTS, preview: PREVIEW } },
  },
  {
    that: 'has bad rows and comes as a strict dry run',
    file: MIXED,
    fields: { dry_run: 'true', mode: 'strict' },
    gives: { fails: 'rejected_rows', errors: ERRORS, report: COUNTS },
  },
  {
    that: 'has a copy alone against it and comes as strict',
    file: survey(row('E1'), row('E1')),
    fields: { mode: 'strict' },
    gives: { report: { rows_written: 1, rows_duplicate: 1 }, leaves: company(person('E1')) },
  },
  {
    that: 'warns alone and comes as strict',
    file: `shoe,${survey(row('E1')).trimEnd().replace('\n', '\n,')}`,
    fields: { mode: 'strict' },
    gives: { warnings: [['column_ignored', 'shoe']], leaves: company(person('E1')) },
  },
  {
    that: 'has bad rows alone',
    file: survey(row(''), row('E1', { Q1: '6' })),
    gives: {
      fails: 'no_valid_rows',
      errors: [
        ['blank_id', 2, 'employee_id'],
        ['invalid_answer', 3, 'Q1', '6'],
      ],
    },
  },
  {
    that: 'has bad rows alone, after a file that is good',
    after: [{ file: survey(row('E1', { answers: '1' })) }],
    file: survey(row('E1', { submission_date: '2025-04-01', Q1: '6' })),
    gives: { fails: 'no_valid_rows', errors: [['invalid_answer', 2, 'Q1', '6']] },
  },
  {
    that: 'would clear what fires, as a dry run',
    after: [{ file: survey(row('E1', { answers: '1' })) }],
    file: survey(row('E1', { submission_date: '2025-04-01', answers: '5' })),
    fields: { dry_run: 'true' },
    gives: { report: { rows_valid: 1, preview: { alerts_raised: 0, alerts_cleared: 2 } } },
  },
  {
    that: 'comes in an unknown mode',
    file: survey(row('E1')),
    fields: { mode: 'half' },
    gives: { refused: 400, code: 'validation_failed' },
  },
  {
    that: 'comes as a dry run, perhaps',
    file: survey(row('E1')),
    fields: { dry_run: 'maybe' },
    gives: { refused: 400, code: 'validation_failed' },
  },
];
