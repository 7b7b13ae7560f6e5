import type { AlertType } from './alert.js';
import { foldDepartmentName } from '../people/department.js';

/** The alerts that a silence covers; an absent part accepts everything. Departments are names, letter case ignored. */
export interface SilenceMatcher {
  readonly types?: readonly AlertType[];
  readonly departments?: readonly string[];
  readonly employeeIds?: readonly string[];
  readonly departmentIds?: readonly string[];
}

/** A time in which notifications of some alerts are suppressed. The alerts are raised and cleared all the same. */
export interface Silence {
  /** A UUID version 7. */
  readonly silenceId: string;
  readonly matcher: SilenceMatcher;
  /** Milliseconds since 1970; the end is exclusive. */
  readonly startsAt: number;
  readonly endsAt: number;
  /** The subject that set the silence, and the reason that it gave. */
  readonly by: string;
  readonly reason: string;
}

/** The properties of an alert that a silence matches. */
export interface Silenceable {
  readonly alert: AlertType;
  readonly entityId: string;
  readonly department: string;
}

/** Whether one of the silences covers an alert at `now` (milliseconds since 1970). */
export function isSilenced(event: Silenceable, silences: Iterable<Silence>, now: number): boolean {
  for (const { matcher, startsAt, endsAt } of silences)
    if (startsAt <= now && now < endsAt && covers(matcher, event)) return true;
  return false;
}

/** Whether no alert can match every part: an alert concerns either an employee or a department. */
export function coversNothing({ types, employeeIds, departmentIds }: SilenceMatcher): boolean {
  if (employeeIds && departmentIds) return true;
  if (employeeIds) return types?.includes('employee_stress') === false;
  return departmentIds !== undefined && types?.includes('department_critical') === false;
}

/** The next moment after `now` at which a silence begins or ends; undefined: none. */
export function nextSilenceChange(silences: Iterable<Silence>, now: number): number | undefined {
  let next: number | undefined;
  for (const { startsAt, endsAt } of silences)
    for (const moment of [startsAt, endsAt])
      if (moment > now && (next === undefined || moment < next)) next = moment;
  return next;
}

function covers(
  { types, departments, employeeIds, departmentIds }: SilenceMatcher,
  event: Silenceable,
): boolean {
  const name = foldDepartmentName(event.department);
  return (
    (types === undefined || types.includes(event.alert)) &&
    (departments === undefined ||
      departments.some((department) => foldDepartmentName(department) === name)) &&
    (employeeIds === undefined ||
      (event.alert === 'employee_stress' && employeeIds.includes(event.entityId))) &&
    (departmentIds === undefined ||
      (event.alert === 'department_critical' && departmentIds.includes(event.entityId)))
  );
}
