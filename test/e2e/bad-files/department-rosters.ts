import type { BadFile } from './bad-file.js';
import { company, departmentOf, person, row, survey } from './survey-file.js';

const departments = (...rows: readonly string[]) => ['department_id,department_name', ...rows, ''].join('\n');
const CALM = { file: survey(row('E1')) };
const ALARMING = { file: survey(row('E1', { answers: '1' })) };
const calm = company(person('E1'));
const inSales = (id: string, name = 'Sales') => ({
  ...calm,
  departments: [departmentOf(id, name, [{ answer: 4 }])],
});

/** Department rosters: a department is one, whatever it is called by. */
export const DEPARTMENT_ROSTERS: readonly BadFile[] = [
  {
    that: 'is a roster of departments that are not known yet',
    file: departments('D1,Sales', '007,Legal'),
    gives: {
      report: { kind: 'departments', rows_written: 2 },
      leaves: { departments: [departmentOf('007', 'Legal', []), departmentOf('D1', 'Sales', [])] },
    },
  },
  {
    that: 'gives its id to a department that a survey created',
    after: [CALM],
    file: departments('D1,Sales'),
    gives: { leaves: inSales('D1') },
  },
  {
    that: 'gives its id to a department that it spells otherwise',
    after: [CALM],
    file: departments('D1, SALES '),
    gives: { leaves: inSales('D1', 'SALES') },
  },
  {
    that: 'gives its id to a department that fires: the alert moves with it',
    after: [ALARMING],
    file: departments('D1,Sales'),
    gives: {
      leaves: {
        ...company(person('E1', { answer: 1 })),
        departments: [departmentOf('D1', 'Sales', [{ answer: 1 }])],
      },
      alerts: ['department_critical D1', 'cleared department_critical dept-sales'],
    },
  },
  {
    that: 'is a survey about a department that has its id from a roster',
    after: [{ file: departments('D1,sales') }],
    file: CALM.file,
    gives: { leaves: inSales('D1', 'sales') },
  },
  {
    that: 'gives another id to a department that has its id from a roster',
    after: [CALM, { file: departments('D1,Sales') }],
    file: departments('D2,Sales'),
    gives: { leaves: inSales('D2') },
  },
  {
    that: 'gives the id that a survey gave: nothing changes',
    after: [CALM],
    file: departments('dept-sales,Sales'),
    gives: { report: { rows_written: 0 } },
  },
  {
    that: 'renames a department in which people are: they keep one of the old name',
    after: [ALARMING, { file: departments('D1,Sales') }],
    file: departments('D1,Marketing'),
    gives: {
      leaves: {
        ...company(person('E1', { answer: 1 })),
        departments: [
          departmentOf('D1', 'Marketing', []),
          departmentOf('dept-sales', 'Sales', [{ answer: 1 }]),
        ],
      },
      alerts: ['department_critical dept-sales'],
    },
  },
  {
    that: 'swaps the ids of two departments',
    after: [
      { file: survey(row('E1'), row('E2', { department: 'Legal', answers: '5' })) },
      { file: departments('D1,Sales', 'D2,Legal') },
    ],
    file: departments('D1,Legal', 'D2,Sales'),
    gives: {
      leaves: {
        ...company(person('E1'), person('E2', { department: 'Legal', answer: 5 })),
        departments: [
          departmentOf('D1', 'Legal', [{ answer: 5 }]),
          departmentOf('D2', 'Sales', [{ answer: 4 }]),
        ],
      },
    },
  },
  {
    that: 'gives one department two ids',
    after: [CALM],
    file: departments('D1,Sales', 'D3,Legal', 'D2, SALES'),
    gives: {
      errors: [
        ['conflicting_name', 2, 'department_name', 'Sales'],
        ['conflicting_name', 4, 'department_name', ' SALES'],
      ],
      leaves: { ...calm, departments: [...calm.departments, departmentOf('D3', 'Legal', [])] },
    },
  },
  {
    that: 'names an id twice, alike and differently',
    file: departments('D1,Sales', 'D2,Legal', 'D1,Sales', 'D2,Law'),
    gives: {
      errors: [
        ['conflicting_duplicate', 3, 'department_id', 'D2'],
        ['conflicting_duplicate', 5, 'department_id', 'D2'],
      ],
      report: { rows_duplicate: 1 },
      leaves: { departments: [departmentOf('D1', 'Sales', [])] },
    },
  },
  {
    that: 'is a department roster with bad rows',
    file: departments(
      'D1,',
      ',Sales',
      `D2,${'d'.repeat(257)}`,
      'D\u200b3,Law',
      `${'i'.repeat(257)},Law`,
      'D4,Legal',
    ),
    gives: {
      errors: [
        ['blank_name', 2, 'department_name'],
        ['blank_id', 3, 'department_id'],
        ['name_too_long', 4, 'department_name', 'd'.repeat(80)],
        ['invalid_id', 5, 'department_id', 'D\u200b3'],
        ['id_too_long', 6, 'department_id', 'i'.repeat(80)],
      ],
      leaves: { departments: [departmentOf('D4', 'Legal', [])] },
    },
  },
  {
    that: 'is a department roster with bad rows alone',
    after: [CALM],
    file: departments('D1,', ',Sales'),
    gives: {
      fails: 'no_valid_rows',
      errors: [
        ['blank_name', 2, 'department_name'],
        ['blank_id', 3, 'department_id'],
      ],
    },
  },
  {
    that: 'is a dry run of a department roster that would move an alert',
    after: [ALARMING],
    file: departments('D1,Sales'),
    fields: { dry_run: 'true' },
    gives: { report: { rows_valid: 1, preview: { alerts_raised: 1, alerts_cleared: 1 } } },
  },
];
