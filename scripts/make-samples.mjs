// Writes the sample files of examples/ and prints what importing them must lead to. The same bytes on every run.
import { writeFileSync } from 'node:fs';
import {
  DEPARTMENTS,
  FIRST_NAMES,
  LAST_NAMES,
  LEVELS,
  LOCATIONS,
  MANAGER,
  QUESTIONS,
} from './samples/company.mjs';
import { createRandom } from './samples/random.mjs';
import { isStressed, ratesOf, rollUp } from './samples/scoring.mjs';

const random = createRandom(20_250_101);
/** Of those who answer in spring, so many answer again in autumn; the later answer counts. */
const SECOND_WAVE = 0.11;
const BLANK_ANSWER = 0.006;

const isoDate = (year, month, day) =>
  `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
const someDate = (year, firstMonth, lastMonth) =>
  isoDate(year, random.between(firstMonth, lastMonth), random.between(1, 28));

function makeEmployees() {
  const names = new Set();
  const people = DEPARTMENTS.flatMap((department) =>
    Array.from({ length: department.size }, (_, index) => makeEmployee(department, index === 0, names)),
  );
  return random.shuffle(people).map((person, index) => ({ id: `E${1001 + index}`, ...person }));
}

function makeEmployee(department, isManager, names) {
  const gender = random.chance(0.04) ? 'non-binary' : random.pick(['female', 'male']);
  const role = isManager ? MANAGER : random.pick(LEVELS);
  const hired = random.between(2008, 2024);
  return {
    name: makeName(gender, names),
    department,
    role,
    gender,
    grade: random.pick(role.grades),
    birthdate: someDate(hired - random.between(21, 38), 1, 12),
    hireDate: someDate(hired, 1, 12),
    location: random.pick(LOCATIONS),
    union: !isManager && random.chance(0.3) ? 'yes' : 'no',
  };
}

function makeName(gender, taken) {
  for (;;) {
    const name = `${random.pick(FIRST_NAMES[gender])} ${random.pick(LAST_NAMES)}`;
    if (taken.has(name)) continue;
    taken.add(name);
    return name;
  }
}

function makeResponses(employees) {
  const responses = employees.flatMap((employee) => {
    const first = { employee, date: someDate(2025, 3, 4), answers: makeAnswers(employee.department) };
    if (!random.chance(SECOND_WAVE)) return [first];
    return [first, { employee, date: someDate(2025, 9, 10), answers: makeAnswers(employee.department) }];
  });
  return responses.sort((a, b) => compare(a.date, b.date) || compare(a.employee.id, b.employee.id));
}

const compare = (a, b) => (a < b ? -1 : Number(a > b));

function makeAnswers({ mood, shift }) {
  const personal = mood + random.bell() * 0.45;
  return QUESTIONS.map((_, index) => {
    if (random.chance(BLANK_ANSWER)) return undefined;
    const answer = Math.round(personal + (shift[index + 1] ?? 0) + random.bell() * 0.75);
    return Math.min(5, Math.max(1, answer));
  });
}

function writeCsv(name, rows) {
  const cell = (value) => (/[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const text = rows.map((row) => row.map((value) => cell(String(value ?? ''))).join(',')).join('\n');
  writeFileSync(new URL(`../examples/${name}.csv`, import.meta.url), `${text}\n`);
}

function printExpectation(responses) {
  const latest = new Map(responses.map(({ employee, answers }) => [employee, ratesOf(answers)]));
  const stressed = [...latest.values()].filter(isStressed).length;
  console.log(
    `${responses.length} responses of ${latest.size} employees in ${DEPARTMENTS.length} departments`,
  );
  console.log(`employee_stress: ${stressed}`);
  const risks = DEPARTMENTS.map((department) => {
    const people = [...latest].filter(([employee]) => employee.department === department);
    return { department, ...rollUp(people.map(([, rates]) => rates)) };
  });
  const critical = risks.filter(({ risk }) => risk === 'critical');
  console.log(`department_critical: ${critical.length}`);
  for (const { department, risk, engagement, stress, attrition } of risks) {
    const rates = `engagement ${engagement}, stress ${stress}, attrition ${attrition}`;
    console.log(`  ${department.id} ${department.name}: ${risk} (${rates})`);
  }
}

const employees = makeEmployees();
const responses = makeResponses(employees);

writeCsv('departments', [
  ['department_id', 'department_name'],
  ...DEPARTMENTS.map(({ id, name }) => [id, name]),
]);
writeCsv('employees', [
  'Employee_ID name position division job_grade birthdate hire_date gender location employee_level union_membership'.split(
    ' ',
  ),
  ...employees.map((person) => [
    person.id,
    person.name,
    person.role.position,
    person.department.name,
    person.grade,
    person.birthdate,
    person.hireDate,
    person.gender,
    person.location,
    person.role.level,
    person.union,
  ]),
]);
writeCsv('survey', [
  ['employee_id', 'submission_date', 'department', 'location', ...QUESTIONS],
  ...responses.map(({ employee, date, answers }) => [
    employee.id,
    date,
    employee.department.name,
    employee.location,
    ...answers,
  ]),
]);
printExpectation(responses);
