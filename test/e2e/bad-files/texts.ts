import type { BadFile } from './bad-file.js';
import { company, departmentOf, person, row, survey } from './survey-file.js';

const TEXTS: readonly [text: string, slug: string][] = [
  ["=cmd|'/c calc'!A1", 'cmd-c-calc-a1'],
  ['<script>alert(1)</script>', 'script-alert-1-script'],
  ['+1+1', '1-1'],
  ['-1', '1'],
  ['@SUM(A1)', 'sum-a1'],
  ['__proto__', 'proto'],
  ['Robert"); DROP TABLE Employees;--', 'robert-drop-table-employees'],
  ['${jndi:ldap://x}', 'jndi-ldap-x'],
];

/** Columns of a roster that are texts to Pulsewatch. */
const FACTS = [
  'name',
  'position',
  'job_grade',
  'birthdate',
  'hire_date',
  'gender',
  'location',
  'employee_level',
];

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

/** What is no text to anybody but people is kept to the letter, and harms nobody. */
export const TEXTS_KEPT: readonly BadFile[] = [
  {
    that: `has in a survey the texts ${TEXTS.map(([text]) => text).join(', ')}`,
    file: survey(
      ...TEXTS.map(([text], n) => {
        const cell = quoted(text);
        return row(`E${n}`, { department: cell, location: cell, name: cell, position: cell });
      }),
    ),
    gives: {
      leaves: {
        ...company(
          ...TEXTS.map(([text], n) =>
            person(`E${n}`, { department: text, facts: { location: text, name: text, position: text } }),
          ),
        ),
        departments: TEXTS.map(([text, slug]) => departmentOf(`dept-${slug}`, text, [{ answer: 4 }])),
      },
    },
  },
  {
    that: 'has in a roster the same texts',
    file: [
      `Employee_ID,division,${FACTS.join(',')}`,
      ...TEXTS.map(([text], n) => `E${n}${`,${quoted(text)}`.repeat(FACTS.length + 1)}`),
    ].join('\n'),
    gives: {
      leaves: {
        employees: TEXTS.map(([text], n) => ({
          employee_id: `E${n}`,
          department: text,
          ...Object.fromEntries(FACTS.map((fact) => [fact, text])),
        })),
        departments: TEXTS.map(([text, slug]) => departmentOf(`dept-${slug}`, text, [])),
      },
    },
  },
  {
    that: 'has texts that begin with a tab or a line end',
    file: survey(row('E1', { location: '"\t=1"', name: '"\r=1"', position: '"\n+1"' })),
    gives: { leaves: company(person('E1', { facts: { location: '\t=1', name: '\n=1', position: '\n+1' } })) },
  },
  {
    that: 'has a formula for an answer, which the error file makes harmless',
    file: survey(row('E1'), row('E2', { Q1: "=cmd|'/c calc'!A1" })),
    gives: { errors: [['invalid_answer', 3, 'Q1', "=cmd|'/c calc'!A1"]], leaves: company(person('E1')) },
  },
  {
    that: 'has a formula for an id of a row that is bad',
    file: survey(row('E1'), row('=1\u200b')),
    gives: { errors: [['invalid_id', 3, 'employee_id', '=1\u200b']], leaves: company(person('E1')) },
  },
  {
    that: 'has a long bad value, of which the report shows the beginning',
    file: survey(row('E1'), row('E2', { Q1: `${'😀'.repeat(39)}ab😀` })),
    gives: { errors: [['invalid_answer', 3, 'Q1', `${'😀'.repeat(39)}ab`]], leaves: company(person('E1')) },
  },
];

/** Names of departments: which are one, and which are none. */
export const DEPARTMENT_NAMES: readonly BadFile[] = [
  {
    that: 'spells a department in several ways: it is one',
    file: survey(
      ...['Sales', ' SALES ', 'sales', 'Ｓａｌｅｓ', 'Sa\u200bles', '\u202aSales', 'Sal\u00ades'].map(
        (department, n) => row(`E${n}`, { department }),
      ),
    ),
    gives: {
      leaves: {
        responses: Array.from({ length: 7 }, (_, n) => ({ responseId: `E${n}:2025-03-01` })),
        employees: Array.from({ length: 7 }, (_, n) => ({ employee_id: `E${n}` })),
        departments: [{ department_id: 'dept-sales', respondents: 7 }],
      },
    },
  },
  {
    that: 'has departments of which the ids would be the same: they are two',
    file: survey(row('E1', { department: 'R&D' }), row('E2', { department: 'R D' })),
    gives: {
      leaves: {
        ...company(person('E1', { department: 'R&D' }), person('E2', { department: 'R D' })),
        departments: [
          { department_id: 'dept-r-d', respondents: 1 },
          { department_id: 'dept-r-d-2', respondents: 1 },
        ],
      },
    },
  },
  {
    that: 'has a blank department: the person is in none',
    file: survey(row('E1', { department: '  ' })),
    gives: {
      leaves: {
        responses: [{ responseId: 'E1:2025-03-01', employeeId: 'E1' }],
        employees: [{ employee_id: 'E1', department: null, stress_rate: 25 }],
      },
    },
  },
  {
    that: 'has the name of a department in 257 characters',
    file: survey(row('E1'), row('E2', { department: 'd'.repeat(257) })),
    gives: { errors: [['name_too_long', 3, 'department', 'd'.repeat(80)]], leaves: company(person('E1')) },
  },
];
