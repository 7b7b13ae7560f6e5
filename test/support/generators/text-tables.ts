import type { TextTable } from './csv-dialects.js';
import type { Random } from './random.js';

const QUESTIONS = Array.from({ length: 15 }, (_, index) => `Q${index + 1}_Label`);
const DEPARTMENTS = ['Sales', 'Legal, EU', 'R&D', 'Größe; 人事', '"Quality"', 'a\tb'];
/** Of these cells are made; none is blank at its ends, so that each stands as it is. */
const PIECES = [
  'x',
  'Ada',
  '"',
  '""',
  ',',
  ';',
  '\t',
  '\n',
  '€',
  '😀',
  ' y',
  '=1',
  "'",
  '\\',
  '\u2028',
  '#',
  '<b>',
];

/** The files of a company, in the order of their import; every row is valid. */
export interface CompanyFiles {
  readonly roster: TextTable;
  readonly survey: TextTable;
  readonly departments: TextTable;
}

/** Makes a company up. */
export function companyFiles(random: Random): CompanyFiles {
  const people = Array.from(
    { length: random.whole(1, 12) },
    (_, n) => `${random.pick(['E', '00', 'é;', '",'])}${n}`,
  );
  return { roster: roster(people, random), survey: survey(people, random), departments: departments(random) };
}

function text(random: Random): string {
  const pieces = Array.from({ length: random.whole(0, 4) }, () => random.pick(PIECES));
  return random.next() < 0.3 ? '' : ['t', ...pieces, 't'].join('');
}

function roster(people: readonly string[], random: Random): TextTable {
  const known = people.filter(() => random.next() < 0.5);
  return {
    columns: ['Employee_ID', 'name', 'position', 'division', 'job_grade', 'shoe size'],
    rows: [...known, 'nobody else'].map((id) => [
      id,
      text(random),
      text(random),
      random.pick(['', ...DEPARTMENTS]),
      text(random),
      text(random),
    ]),
  };
}

function survey(people: readonly string[], random: Random): TextTable {
  const hasIds = random.next() < 0.5;
  const rows = people.flatMap((id) => {
    const mood = random.whole(1, 5);
    return Array.from({ length: random.whole(1, 3) }, (_, time) => [
      ...(hasIds ? [`R"${id}/${time}`] : []),
      id,
      `2025-0${time + 1}-${random.pick(['01', '28', '15T10:30:00+02:00'])}`,
      random.pick(['', ...DEPARTMENTS]),
      text(random),
      text(random),
      ...QUESTIONS.map(() => random.pick(['', String(mood), String(mood), `${mood}.0`, '4'])),
    ]);
  });
  const facts = ['employee_id', 'submission_date', 'department', 'location', 'name'];
  return { columns: [...(hasIds ? ['response_id'] : []), ...facts, ...QUESTIONS], rows };
}

function departments(random: Random): TextTable {
  const named = DEPARTMENTS.filter(() => random.next() < 0.5);
  return {
    columns: ['department_id', 'department_name'],
    rows: [...named, 'Nobody in it'].map((name, n) => [`D,"${n}`, name]),
  };
}
