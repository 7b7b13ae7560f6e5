import type { BadFile } from './bad-file.js';
import { company, departmentOf, person, ratesOf, row, survey } from './survey-file.js';

const roster = (...rows: readonly string[]) => ['Employee_ID,name,position,division', ...rows, ''].join('\n');
const NOBODY = { stress_rate: null, last_submission_date: null };

/** Employee rosters, good and bad. */
export const ROSTERS: readonly BadFile[] = [
  {
    that: 'is a roster of people who are not known yet',
    file: roster('E1,Ada,Engineer,Sales', 'E2,,,'),
    gives: {
      report: { kind: 'employees', rows_written: 2 },
      leaves: {
        employees: [
          { employee_id: 'E1', name: 'Ada', position: 'Engineer', department: 'Sales', ...NOBODY },
          { employee_id: 'E2', name: null, position: null, department: null, ...NOBODY },
        ],
        departments: [departmentOf('dept-sales', 'Sales', [])],
      },
    },
  },
  {
    that: 'is a roster with bad rows',
    file: roster(
      ',Ada,Engineer,Sales',
      `R1,Ada,,${'d'.repeat(257)}`,
      'R\u202e2,Ada,,',
      'R3,Ada',
      'R4,Ada,,Sales',
    ),
    gives: {
      errors: [
        ['blank_id', 2, 'Employee_ID'],
        ['name_too_long', 3, 'division', 'd'.repeat(80)],
        ['invalid_id', 4, 'Employee_ID', 'R\u202e2'],
        ['too_few_cells', 5],
      ],
      leaves: { employees: [{ employee_id: 'R4' }], departments: [{ department_id: 'dept-sales' }] },
    },
  },
  {
    that: 'is a roster that names a person twice, alike and differently',
    file: roster('E1,Ada,,', 'E2,Bob,,', 'E1,Ada,,', 'E2,Rob,,'),
    gives: {
      errors: [
        ['conflicting_duplicate', 3, 'Employee_ID', 'E2'],
        ['conflicting_duplicate', 5, 'Employee_ID', 'E2'],
      ],
      report: { rows_duplicate: 1 },
      leaves: { employees: [{ employee_id: 'E1', name: 'Ada' }] },
    },
  },
  {
    that: 'is a strict roster with a bad row',
    file: roster('E1,Ada,,Sales', ',Bob,,'),
    fields: { mode: 'strict' },
    gives: { fails: 'rejected_rows', errors: [['blank_id', 3, 'Employee_ID']] },
  },
  {
    that: 'is a dry run of a roster that would move an alert',
    after: [{ file: survey(row('E1', { answers: '1' })) }],
    file: roster('E1,Ada,,Legal'),
    fields: { dry_run: 'true' },
    gives: { report: { rows_valid: 1, preview: { alerts_raised: 1, alerts_cleared: 0 } } },
  },
  {
    that: 'is a roster with other names for its columns, and blank cells that say nothing',
    after: [{ file: roster('E1,Ada,Engineer,Sales') }],
    file: 'EMPLOYEE ID;Employee-Name;Department;Job Grade\nE1;Ada Byron;;G7\n',
    gives: {
      leaves: {
        employees: [
          {
            employee_id: 'E1',
            name: 'Ada Byron',
            position: 'Engineer',
            department: 'Sales',
            job_grade: 'G7',
          },
        ],
        departments: [{ department_id: 'dept-sales' }],
      },
    },
  },
  {
    that: 'is a roster that keeps ids, dates and grades as the text that they are',
    file: 'employee_id,hire_date,birthdate,job_grade\n007,01/02/2019,45352,1.0\n',
    gives: {
      leaves: {
        employees: [{ employee_id: '007', hire_date: '01/02/2019', birthdate: '45352', job_grade: '1.0' }],
      },
    },
  },
  {
    that: 'is a roster that moves a person: both departments are computed anew',
    after: [
      {
        file: survey(
          row('E1', { answers: '2' }),
          row('E2', { answers: '5' }),
          row('E3', { department: 'Legal' }),
        ),
      },
    ],
    file: roster('E1,Ada,,Legal'),
    gives: {
      leaves: {
        ...company(
          person('E1', { answer: 2, facts: { name: 'Ada', department: 'Legal' } }),
          person('E2', { answer: 5 }),
          person('E3', { department: 'Legal' }),
        ),
        departments: [
          departmentOf('dept-sales', 'Sales', [{ answer: 5 }]),
          departmentOf('dept-legal', 'Legal', [{ answer: 2 }, { answer: 4 }]),
        ],
      },
      alerts: ['department_critical dept-legal'],
    },
  },
  {
    that: 'is a survey that says of a person what a roster has said otherwise',
    after: [{ file: roster('E1,Ada,Engineer,Legal') }],
    file: survey(row('E1', { name: 'Eve', position: 'Spy', location: 'Rome' })),
    gives: {
      leaves: {
        responses: [{ responseId: 'E1:2025-03-01', department: 'Sales' }],
        employees: [
          {
            employee_id: 'E1',
            name: 'Ada',
            position: 'Engineer',
            department: 'Legal',
            location: 'Rome',
            ...ratesOf(4),
          },
        ],
        departments: [departmentOf('dept-legal', 'Legal', [{ answer: 4 }])],
      },
    },
  },
  {
    that: 'is a survey that moves a person of whom no roster has spoken',
    after: [{ file: survey(row('E1'), row('E2')) }],
    file: survey(row('E1', { submission_date: '2025-04-01', department: 'Legal', answers: '5' })),
    gives: {
      leaves: {
        responses: [
          { responseId: 'E1:2025-03-01', department: 'Sales' },
          { responseId: 'E1:2025-04-01', department: 'Legal' },
          { responseId: 'E2:2025-03-01' },
        ],
        employees: [
          { employee_id: 'E1', department: 'Legal' },
          { employee_id: 'E2', department: 'Sales' },
        ],
        departments: [
          departmentOf('dept-sales', 'Sales', [{ answer: 4 }]),
          departmentOf('dept-legal', 'Legal', [{ answer: 5 }]),
        ],
      },
    },
  },
];
