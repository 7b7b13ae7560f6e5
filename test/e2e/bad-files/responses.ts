import type { BadFile, Finding } from './bad-file.js';
import { company, person, responseOf, row, survey } from './survey-file.js';

const conflict = (line: number, column = 'response_id', value?: string): Finding => [
  'conflicting_duplicate',
  line,
  column,
  value,
];

const twin = row('E1', { response_id: 'R1' });
const OLD = row('E1', { submission_date: '2025-01-01', answers: '2' });
const NEW = row('E1', { submission_date: '2025-02-01', answers: '5' });
const oldAndNew = {
  ...company(person('E1', { date: '2025-02-01', answer: 5 })),
  responses: [
    responseOf(person('E1', { date: '2025-01-01', answer: 2 })),
    responseOf(person('E1', { date: '2025-02-01', answer: 5 })),
  ],
};
const tie = (response_id: string, answers: string) => row('E1', { response_id, answers });

/** Responses that stand in a file, or come, more than once. */
export const RESPONSES: readonly BadFile[] = [
  {
    that: 'repeats a response to the letter',
    file: survey(twin, row('E2'), twin, twin),
    gives: {
      report: { rows_read: 4, rows_duplicate: 2 },
      leaves: company(person('E1', { responseId: 'R1' }), person('E2')),
    },
  },
  {
    that: 'repeats the id of a response with other content',
    file: survey(twin, row('E2'), row('E3', { response_id: 'R1' })),
    gives: {
      errors: [conflict(2, 'response_id', 'R1'), conflict(4, 'response_id', 'R1')],
      leaves: company(person('E2')),
    },
  },
  {
    that: 'repeats a response to the letter, and then with another answer',
    file: survey(twin, twin, row('E1', { response_id: 'R1', Q1: '5' }), row('E2')),
    gives: {
      errors: [conflict(2), conflict(3), conflict(4)],
      report: { rows_rejected: 3, rows_duplicate: 0 },
      leaves: company(person('E2')),
    },
  },
  {
    that: 'repeats a response with blanks around a cell: not to the letter',
    file: survey(twin, row(' E1', { response_id: 'R1' }), row('E2')),
    gives: { errors: [conflict(2), conflict(3)], leaves: company(person('E2')) },
  },
  {
    that: 'repeats the id of a row that is bad: the other one counts',
    file: survey(row('E1', { response_id: 'R1', Q1: '6' }), twin),
    gives: {
      errors: [['invalid_answer', 2, 'Q1', '6']],
      leaves: company(person('E1', { responseId: 'R1' })),
    },
  },
  {
    that: 'repeats employee and date to the letter, without response ids',
    file: survey(row('E1'), row('E1')),
    gives: { report: { rows_duplicate: 1 }, leaves: company(person('E1')) },
  },
  {
    that: 'repeats employee and date with other answers, without response ids',
    file: survey(row('E1'), row('E1', { answers: '1' }), row('E2')),
    gives: {
      errors: [conflict(2, 'employee_id', 'E1'), conflict(3, 'employee_id', 'E1')],
      leaves: company(person('E2')),
    },
  },
  {
    that: 'gives a response the id that another one is given',
    file: survey(row('E1'), row('E2', { response_id: 'E1:2025-03-01' }), row('E3')),
    gives: {
      errors: [conflict(2, 'employee_id', 'E1'), conflict(3, 'response_id', 'E1:2025-03-01')],
      leaves: company(person('E3')),
    },
  },
  {
    that: 'has an old and a new response of one employee',
    file: survey(OLD, NEW),
    gives: { leaves: oldAndNew },
  },
  {
    that: 'has a new and an old response of one employee',
    file: survey(NEW, OLD),
    gives: { leaves: oldAndNew },
  },
  {
    that: 'has two responses of one day: the later row counts',
    file: survey(tie('R1', '5'), tie('R2', '4')),
    gives: {
      leaves: {
        ...company(person('E1')),
        responses: [
          responseOf(person('E1', { responseId: 'R1', answer: 5 })),
          responseOf(person('E1', { responseId: 'R2' })),
        ],
      },
    },
  },
  {
    that: 'brings an older response than the one that is known',
    after: [{ file: survey(NEW) }],
    file: survey(OLD),
    gives: { leaves: oldAndNew },
  },
  {
    that: 'brings a newer response than the one that is known, and clears what fired',
    after: [{ file: survey(row('E1', { submission_date: '2025-01-01', answers: '1' })) }],
    file: survey(NEW),
    gives: {
      report: { alerts_cleared: 2 },
      leaves: {
        ...oldAndNew,
        responses: [
          responseOf(person('E1', { date: '2025-01-01', answer: 1 })),
          responseOf(person('E1', { date: '2025-02-01', answer: 5 })),
        ],
      },
      alerts: ['cleared employee_stress E1', 'cleared department_critical dept-sales'],
    },
  },
  {
    that: 'comes again: nothing doubles, and nothing fires again',
    after: [{ file: survey(row('E1', { answers: '1' }), row('E2')) }],
    file: survey(row('E1', { answers: '1' }), row('E2')),
    gives: { report: { rows_written: 2 }, leaves: company(person('E1', { answer: 1 }), person('E2')) },
  },
  {
    that: 'comes again with an answer put right',
    after: [{ file: survey(row('E1')) }],
    file: survey(row('E1', { answers: '5' })),
    gives: { leaves: company(person('E1', { answer: 5 })) },
  },
];
