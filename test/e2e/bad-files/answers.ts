import { expect } from '@jest/globals';
import type { BadFile, Finding } from './bad-file.js';
import { company, person, row, survey } from './survey-file.js';

const REFUSED = [
  '0',
  '6',
  '-1',
  '3.5',
  '4.00',
  '1e0',
  '٣',
  'NaN',
  'Agree',
  '=4',
  '+4',
  '04',
  '4 4',
  'null',
  '٪',
  '５',
];
const TAKEN: readonly [answer: string, value: number][] = [
  ['1', 1],
  ['5', 5],
  ['4.0', 4],
  [' 4 ', 4],
  ['"4"', 4],
];

/** Answers on the scale, beside it, and none. */
export const ANSWERS: readonly BadFile[] = [
  {
    that: `answers ${REFUSED.join(', ')}`,
    file: survey(row('E1'), ...REFUSED.map((answer, n) => row(`B${n}`, { Q9: answer, answers: '1' }))),
    gives: {
      errors: REFUSED.map((answer, n): Finding => ['invalid_answer', n + 3, 'Q9', answer]),
      leaves: company(person('E1')),
    },
  },
  {
    that: `answers ${TAKEN.map(([answer]) => answer).join(', ')}, which are answers`,
    file: survey(...TAKEN.map(([answer], n) => row(`E${n}`, { Q8: answer }))),
    gives: {
      leaves: {
        ...company(...TAKEN.map((_, n) => person(`E${n}`))),
        responses: TAKEN.map(([, value], n) => ({ responseId: `E${n}:2025-03-01`, answers: { Q8: value } })),
      },
    },
  },
  {
    that: 'leaves a question blank: absent, never 0',
    file: survey(row('E1', { Q1: '', Q2: '  ' })),
    gives: {
      leaves: {
        responses: [
          {
            responseId: 'E1:2025-03-01',
            answers: expect.not.objectContaining({ Q1: expect.anything() }),
            metrics: { dimensions: { Employee_Engagement: 4, Leadership: 4 } },
          },
        ],
        employees: [{ employee_id: 'E1', stress_rate: 25, engagement_rate: 75, attrition_rate: null }],
        departments: [{ department_id: 'dept-sales', attrition_rate: null, respondents: 1 }],
      },
    },
  },
  {
    that: 'leaves every question blank',
    file: survey(row('E1', { answers: '' })),
    gives: {
      leaves: {
        responses: [{ responseId: 'E1:2025-03-01', answers: {}, metrics: { dimensions: {}, rates: {} } }],
        employees: [{ employee_id: 'E1', department: 'Sales', stress_rate: null, engagement_rate: null }],
        departments: [{ department_id: 'dept-sales', respondents: 0, overall_risk: null }],
      },
    },
  },
  {
    that: 'has several bad answers in a row: all of them are named',
    file: survey(row('E1', { Q1: '0', Q7: 'x', Q15: '9' }), row('E2')),
    gives: {
      errors: [
        ['invalid_answer', 2, 'Q1', '0'],
        ['invalid_answer', 2, 'Q7', 'x'],
        ['invalid_answer', 2, 'Q15', '9'],
      ],
      report: { rows_rejected: 1, errors_total: 3 },
      leaves: company(person('E2')),
    },
  },
  {
    that: 'has people who suffer: their alerts are raised, those of bad rows are not',
    file: survey(row('E1', { answers: '1' }), row('E2', { answers: '1', Q1: '6' })),
    gives: {
      errors: [['invalid_answer', 3, 'Q1', '6']],
      report: { alerts_raised: 2 },
      leaves: company(person('E1', { answer: 1 })),
      alerts: ['employee_stress E1', 'department_critical dept-sales'],
    },
  },
];
