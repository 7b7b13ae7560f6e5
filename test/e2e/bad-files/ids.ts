import type { BadFile, Finding } from './bad-file.js';
import { company, person, row, survey } from './survey-file.js';

const INVISIBLE: Readonly<Record<string, string>> = {
  'a bell': 'E\u00072',
  'a tab': '"E\t2"',
  'a zero-width space': 'E\u200b2',
  'a zero-width joiner': 'E\u200d2',
  'a byte order mark inside': 'E\ufeff2',
  'a soft hyphen': 'E\u00ad2',
  'a right-to-left override': 'E\u202e2',
  'a left-to-right mark': 'E2\u200e',
  'a direction isolate': 'E\u20662',
  'a line separator': 'E\u20282',
  'a variation selector': 'E2\ufe0f',
  'a filler that shows nothing': 'E\u31642',
  'a control of the second block': 'E\u00852',
  'a line end': '"E\n2"',
};

const KEPT = [
  '007',
  '1.23E+05',
  '0x1F',
  '1e3',
  'true',
  'null',
  '__proto__',
  'constructor',
  'toString',
  '=1+1',
  '@Ünï/人 7',
  '../../x',
  'a%00b?c#d',
  'e\u0301',
  '😀',
  '人'.repeat(256),
];

/** A row of which the id of the employee, or of the response, is bad. */
const bad = (
  that: string,
  cells: Readonly<Record<string, string>>,
  code: string,
  column: string,
): BadFile => ({
  that,
  file: survey(row('E1'), row(cells.employee_id ?? 'E2', { ...cells, answers: '1' })),
  gives: { errors: [[code, 3, column]], leaves: company(person('E1')) },
});

/** Ids, which stay the text that they are. */
export const IDS: readonly BadFile[] = [
  {
    that: `has in its ids ${Object.keys(INVISIBLE).join(', ')}`,
    // The line end is in the last of them, so that every one is a line below the one before.
    file: survey(row('E1'), ...Object.values(INVISIBLE).map((id) => row(id, { answers: '1' }))),
    gives: {
      errors: Object.values(INVISIBLE).map((_, n): Finding => ['invalid_id', n + 3, 'employee_id']),
      leaves: company(person('E1')),
    },
  },
  bad('has a blank id', { employee_id: ' ' }, 'blank_id', 'employee_id'),
  bad('has a no-break space for an id', { employee_id: '\u00a0' }, 'blank_id', 'employee_id'),
  bad('has an id of 257 characters', { employee_id: 'e'.repeat(257) }, 'id_too_long', 'employee_id'),
  bad('has an invisible character in a response id', { response_id: 'R\u200b' }, 'invalid_id', 'response_id'),
  bad('has a response id of 257 characters', { response_id: 'r'.repeat(257) }, 'id_too_long', 'response_id'),
  {
    that: `has the ids ${KEPT.map((id) => id.slice(0, 10)).join(', ')}, which stay as they are`,
    file: survey(...KEPT.map((id) => row(id, { response_id: `R${id}`.slice(0, 256) }))),
    gives: { leaves: company(...KEPT.map((id) => person(id, { responseId: `R${id}`.slice(0, 256) }))) },
  },
  {
    that: 'has ids of which the ids of the responses are made',
    file: survey(...KEPT.map((id) => row(id))),
    gives: { leaves: company(...KEPT.map((id) => person(id))) },
  },
  {
    that: 'has ids that differ in zeros, letters or accents alone: they are different people',
    file: survey(row('7'), row('007'), row('a'), row('A'), row('é'), row('e\u0301')),
    gives: { leaves: company(...['7', '007', 'a', 'A', 'é', 'e\u0301'].map((id) => person(id))) },
  },
  {
    that: 'has blanks around an id, which do not belong to it',
    file: survey(row('  E1 ', { response_id: ' R1\t' })),
    gives: { leaves: company(person('E1', { responseId: 'R1' })) },
  },
];
