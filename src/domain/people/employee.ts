import type { Metrics } from '../surveys/scores.js';

/** The attributes of a roster, which are the attribute names of the table too. */
export const ROSTER_ATTRIBUTES = [
  'name',
  'position',
  'division',
  'job_grade',
  'birthdate',
  'hire_date',
  'gender',
  'location',
  'employee_level',
  'union_membership',
] as const;
export type RosterAttribute = (typeof ROSTER_ATTRIBUTES)[number];
export type RosterAttributes = Readonly<Partial<Record<RosterAttribute, string>>>;

export interface Employee {
  readonly employeeId: string;
  readonly attributes: RosterAttributes;
  readonly metrics: Metrics;
  /** The date of the response that the metrics come from: `YYYY-MM-DD`, or UTC with time. Sorts as text. */
  readonly lastSubmissionDate?: string;
  /** Orders responses of the same date: upload id, then row. Sorts as text. */
  readonly metricsOrder?: string;
  readonly metricsUpdatedAt?: string;
  /** Present after a roster has named the employee. From then on a survey changes no attribute that is set. */
  readonly rosterUpdatedAt?: string;
}

/** The name of the department of an employee as it is written; undefined: none. */
export function departmentOf({ attributes: { division } }: Pick<Employee, 'attributes'>): string | undefined {
  return division === undefined || division.trim() === '' ? undefined : division;
}

/** The newest scored response of an employee in a batch. */
export interface SurveyUpdate {
  readonly employeeId: string;
  readonly submissionDate: string;
  readonly order: string;
  readonly metrics: Metrics;
  /** The attributes in the survey row. Those of a roster outrank them. */
  readonly attributes: RosterAttributes;
}

/** The order of a response among those of the same date: by upload id (which sorts by time), then by row. Sorts as text. */
export function responseOrder(uploadId: string, row: number): string {
  return `${uploadId}#${String(row).padStart(9, '0')}`;
}

/** Compares two responses of one employee: by date, then upload, then row (contract section 4). Positive: `a` is newer. */
export function compareRecency(
  a: { date: string; order: string },
  b: { date: string; order: string },
): number {
  if (a.date !== b.date) return a.date < b.date ? -1 : 1;
  if (a.order === b.order) return 0;
  return a.order < b.order ? -1 : 1;
}

/** The employee after a survey row; undefined if the stored response is as new or newer. */
export function applySurvey(
  current: Employee | undefined,
  update: SurveyUpdate,
  now: string,
): Employee | undefined {
  if (current?.lastSubmissionDate !== undefined) {
    const stored = { date: current.lastSubmissionDate, order: current.metricsOrder ?? '' };
    if (compareRecency(stored, { date: update.submissionDate, order: update.order }) >= 0) return undefined;
  }
  const known = current?.attributes ?? {};
  // By assignment: V8 spreads several objects into one much more slowly, and an import does this for every employee.
  return Object.assign({}, current ?? { employeeId: update.employeeId }, {
    attributes:
      current?.rosterUpdatedAt === undefined
        ? Object.assign({}, known, update.attributes)
        : Object.assign({}, update.attributes, known),
    metrics: update.metrics,
    lastSubmissionDate: update.submissionDate,
    metricsOrder: update.order,
    metricsUpdatedAt: now,
  });
}

/** The employee after a roster row: attributes of the row replace stored ones, absent ones stay. Undefined if nothing changes. */
export function applyRoster(
  current: Employee | undefined,
  employeeId: string,
  given: RosterAttributes,
  now: string,
): Employee | undefined {
  const known: RosterAttributes = current?.attributes ?? {};
  const changes = ROSTER_ATTRIBUTES.some((name) => given[name] !== undefined && given[name] !== known[name]);
  if (!changes && current?.rosterUpdatedAt !== undefined) return undefined;
  return {
    ...(current ?? { employeeId, metrics: { dimensions: {}, rates: {} } }),
    attributes: { ...known, ...given },
    rosterUpdatedAt: now,
  };
}

/** One valid row of an employee roster. `row` counts from 1 after the header. */
export interface RosterRow {
  readonly employeeId: string;
  readonly attributes: RosterAttributes;
  readonly row: number;
}

/** One valid row of a department roster. */
export interface DepartmentRow {
  readonly departmentId: string;
  readonly departmentName: string;
  readonly row: number;
}
