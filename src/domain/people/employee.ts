import type { Metrics } from '../surveys/scores.js';

/** What a roster tells about a person; also the attribute names in the table. */
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
  /** Of the response that the metrics come from: `YYYY-MM-DD`, or UTC with time; sorts as text. */
  readonly lastSubmissionDate?: string;
  /** Breaks ties of the date: upload id, then row; sorts as text. */
  readonly metricsOrder?: string;
  readonly metricsUpdatedAt?: string;
  /** Present once a roster named the employee: from then on a survey changes no attribute that is set. */
  readonly rosterUpdatedAt?: string;
}

/** The department that an employee counts in, as its name is written; undefined: none. */
export function departmentOf({ attributes: { division } }: Pick<Employee, 'attributes'>): string | undefined {
  return division === undefined || division.trim() === '' ? undefined : division;
}

/** One employee's newest scored response in a batch. */
export interface SurveyUpdate {
  readonly employeeId: string;
  readonly submissionDate: string;
  readonly order: string;
  readonly metrics: Metrics;
  /** What the survey row says about the person; a roster's word goes first. */
  readonly attributes: RosterAttributes;
}

/** Where a response stands among those of one date: upload ids sort by time, then comes the row. Sorts as text. */
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

/** The employee after a survey row, or undefined when what is stored is as new or newer. */
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

/** The employee after a roster row: given attributes replace, blank ones stay; undefined when nothing changes. */
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

/** One valid row of an employee roster. `row` counts from 1, the header not counted. */
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
