import { meanOf, riskOf } from '../../support/oracles/oracle.js';
import type { Company, Row } from './bad-file.js';

const FACTS = [
  'response_id',
  'employee_id',
  'submission_date',
  'department',
  'location',
  'name',
  'position',
] as const;
const QUESTIONS = Array.from({ length: 15 }, (_, index) => `Q${index + 1}`);
const DAY_MS = 86_400_000;

/** The header of every file of {@link survey}. */
export const HEADER = [...FACTS, ...QUESTIONS].join(',');

/** Cells by their column; `answers` is the answer to every question that is not named. */
export type Cells = Readonly<Record<string, string>>;

/** A line of a survey. What is not said is a calm answer from Sales on the first of March. */
export function row(employee_id: string, cells: Cells = {}): string {
  const { answers = '4', ...named } = cells;
  const all: Cells = {
    employee_id,
    submission_date: '2025-03-01',
    department: 'Sales',
    ...Object.fromEntries(QUESTIONS.map((question) => [question, answers])),
    ...named,
  };
  const columns = HEADER.split(',');
  const unknown = Object.keys(all).find((name) => !columns.includes(name));
  if (unknown !== undefined) throw new Error(`A survey has no column ${unknown}`);
  return columns.map((name) => all[name] ?? '').join(',');
}

/** A survey file of these lines. */
export function survey(...rows: readonly string[]): string {
  return [HEADER, ...rows, ''].join('\n');
}

/** Somebody of whom one response is stored. What is not said is as in {@link row}. */
export interface Person {
  readonly id: string;
  readonly responseId?: string;
  readonly department?: string;
  readonly date?: string;
  /** To every question. */
  readonly answer?: number;
  /** Whatever else their row in the table of employees holds. */
  readonly facts?: Row;
}

/** A person as {@link row} writes them. */
export function person(id: string, rest: Omit<Person, 'id'> = {}): Person {
  return { id, ...rest };
}

/** What the tables hold once one response of each of these people is imported. */
export function company(...people: readonly Person[]): Required<Company> {
  const names = new Set(people.map(({ department = 'Sales' }) => department));
  return {
    responses: people.map(responseOf),
    employees: people.map(({ id, department = 'Sales', date = '2025-03-01', answer = 4, facts = {} }) => ({
      employee_id: id,
      department,
      last_submission_date: date,
      ...ratesOf(answer),
      ...facts,
    })),
    departments: [...names].map((name) =>
      departmentOf(
        `dept-${name.toLowerCase()}`,
        name,
        people.filter(({ department = 'Sales' }) => department === name),
      ),
    ),
  };
}

/** The row of a department that these people are in. */
export function departmentOf(id: string, name: string, people: readonly Pick<Person, 'answer'>[]): Row {
  const rates = people.map(({ answer = 4 }) => ratesOf(answer));
  const [stress, engagement] = [
    meanOf(rates.map(({ stress_rate }) => stress_rate)),
    meanOf(rates.map(({ engagement_rate }) => engagement_rate)),
  ];
  const known = {
    ...(stress === undefined ? {} : { stress }),
    ...(engagement === undefined ? {} : { engagement }),
  };
  return {
    department_id: id,
    department_name: name,
    respondents: people.length,
    stress_rate: stress ?? null,
    engagement_rate: engagement ?? null,
    overall_risk: people.length === 0 ? null : riskOf(known),
  };
}

/** The stored response of a person. */
export function responseOf({
  id,
  responseId,
  department = 'Sales',
  date = '2025-03-01',
  answer = 4,
}: Person): Row {
  return {
    responseId: responseId ?? `${id}:${date}`,
    employeeId: id,
    submissionDate: date,
    department,
    answers: Object.fromEntries(QUESTIONS.map((question) => [question, answer])),
  };
}

/** The rates of somebody who answers every question alike. */
export function ratesOf(answer: number): { stress_rate: number; engagement_rate: number } {
  return { stress_rate: (5 - answer) * 25, engagement_rate: (answer - 1) * 25 };
}

/** The date, or the time, so many days from now. */
export const daysFromNow = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();
