import type { Facts, RateChanges, SurveyLine } from '../support/oracles/company-oracle.js';

/** One thing that a caller does. Every one of them can be done again when its answer was lost. */
export type Step =
  | { readonly kind: 'survey'; readonly rows: readonly SurveyLine[]; readonly spoilt: number }
  | { readonly kind: 'roster'; readonly rows: readonly ({ readonly employeeId: string } & Facts)[] }
  | { readonly kind: 'departments'; readonly rows: readonly { readonly id: string; readonly name: string }[] }
  /** A file that must fail as a whole, with this code. */
  | { readonly kind: 'broken'; readonly csv: string; readonly code: string }
  | {
      readonly kind: 'patch_employee';
      readonly id: string;
      readonly facts: Facts;
      readonly rates: RateChanges;
    }
  | {
      readonly kind: 'patch_department';
      readonly id: string;
      readonly name: string;
      readonly rates: RateChanges;
      readonly risk?: string;
    }
  | { readonly kind: 'recompute' }
  | { readonly kind: 'evaluate' };

export type UploadStep = Extract<Step, { readonly kind: 'survey' | 'roster' | 'departments' | 'broken' }>;

const QUESTIONS = Array.from({ length: 15 }, (_, index) => `Q${index + 1}_Label`);

/** The file of an upload. */
export function csvOf(step: UploadStep): string {
  switch (step.kind) {
    case 'survey': {
      const header = ['employee_id', 'submission_date', 'department', 'name', 'position', ...QUESTIONS];
      const rows = step.rows.map(({ employeeId, date, department, name, position, answers }) =>
        [employeeId, date, department, name, position, ...answers].map((cell) => cell ?? ''),
      );
      const spoilt = Array.from({ length: step.spoilt }, (_, index) =>
        header.map((_, column) => (column === 0 ? `spoilt-${index}` : column === 1 ? '2025-01-01' : '9')),
      );
      return csv([header, ...rows, ...spoilt]);
    }
    case 'roster':
      return csv([
        ['Employee_ID', 'name', 'position', 'division'],
        ...step.rows.map(({ employeeId, name, position, department }) =>
          [employeeId, name, position, department].map((cell) => cell ?? ''),
        ),
      ]);
    case 'departments':
      return csv([['department_id', 'department_name'], ...step.rows.map(({ id, name }) => [id, name])]);
    case 'broken':
      return step.csv;
  }
}

/** How many rows the file has, and how many of them must be rejected. */
export function rowsOf(step: UploadStep): { read: number; rejected: number } {
  if (step.kind === 'broken') return { read: 0, rejected: 0 };
  const rejected = step.kind === 'survey' ? step.spoilt : 0;
  return { read: step.rows.length + rejected, rejected };
}

/** A step in a few words, for the report of a failure. */
export function describeStep(step: Step): string {
  switch (step.kind) {
    case 'survey':
    case 'roster':
    case 'departments':
      return `${step.kind} of ${step.rows.length} rows`;
    case 'patch_employee':
      return `PATCH employee ${step.id} ${JSON.stringify({ ...step.facts, ...step.rates })}`;
    case 'patch_department':
      return `PATCH department ${step.id} ${JSON.stringify({ ...step.rates, risk: step.risk })}`;
    case 'broken':
    case 'recompute':
    case 'evaluate':
      return step.kind;
  }
}

function csv(lines: readonly (readonly (string | number)[])[]): string {
  return [...lines.map((cells) => cells.join(',')), ''].join('\n');
}
