import type { Random } from './random.js';

export interface Answered {
  readonly employeeId: string;
  readonly date: string;
  readonly department: string;
  /** Q1 to Q15; null is blank. */
  readonly answers: readonly (number | null)[];
}

export const SURVEY_HEADER = ['employee_id', 'submission_date', 'department', ...questions()].join(',');

function questions(): string[] {
  return Array.from({ length: 15 }, (_, index) => `Q${index + 1}_Label`);
}

/** A survey as CSV. */
export function surveyCsv(rows: readonly Answered[]): string {
  const lines = rows.map(({ employeeId, date, department, answers }) =>
    [employeeId, date, department, ...answers.map((answer) => answer ?? '')].join(','),
  );
  return [SURVEY_HEADER, ...lines, ''].join('\n');
}

/** One row whose 15 answers are all the same. */
export function uniform(
  employeeId: string,
  answer: number,
  department = 'Sales',
  date = '2025-03-01',
): Answered {
  return { employeeId, date, department, answers: Array.from({ length: 15 }, () => answer) };
}

/** Random rows: several answers blank, some employees more than once. */
export function randomSurvey(random: Random, employees: number, departments = 11): Answered[] {
  return Array.from({ length: employees }, () => {
    const mood = random.whole(1, 5);
    return {
      employeeId: `E${random.whole(1, employees)}`,
      date: `2025-0${random.whole(1, 9)}-${String(random.whole(1, 28)).padStart(2, '0')}`,
      department: `Department ${random.whole(1, departments)}`,
      answers: Array.from({ length: 15 }, () =>
        random.next() < 0.05 ? null : Math.min(5, Math.max(1, mood + random.whole(-1, 1))),
      ),
    };
  });
}
