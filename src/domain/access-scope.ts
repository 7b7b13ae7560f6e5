import type { Caller } from './access/access.js';
import type { AlertType } from './alerts/alert.js';
import { isEntityEvent, type LogEvent } from './alerts/log-event.js';
import { foldDepartmentName } from './department-name.js';

/** What of the data a caller sees: the one place that decides it, for every path by which data leaves. */
export interface AccessScope {
  /** Callers with the same key see the same. */
  readonly key: string;
  /** Whether an alert, raised or cleared, may be told. */
  readonly seesAlert: (alert: { readonly alert: AlertType; readonly department: string }) => boolean;
  /** Whether silences may be shown: they may name anybody. */
  readonly seesSilences: boolean;
  /** Whether employees of a department may be shown; undefined: of an employee who is in none. */
  readonly seesEmployeesOf: (department: string | undefined) => boolean;
  readonly seesDepartment: (name: string) => boolean;
  /** Whether an upload may be shown, by the subject who sent it; undefined: from before anybody was asked. */
  readonly seesUploadOf: (subject: string | undefined) => boolean;
}

export interface ScopeSettings {
  readonly managersSeeEmployees: boolean;
}

const always = (): boolean => true;
const never = (): boolean => false;

const ALL: AccessScope = {
  key: 'all',
  seesAlert: always,
  seesSilences: true,
  seesEmployeesOf: always,
  seesDepartment: always,
  seesUploadOf: always,
};
const NOTHING: AccessScope = {
  key: 'nothing',
  seesAlert: never,
  seesSilences: false,
  seesEmployeesOf: never,
  seesDepartment: never,
  seesUploadOf: never,
};
const DEPARTMENT_ALERTS: AccessScope = {
  ...NOTHING,
  key: 'department alerts',
  seesAlert: ({ alert }) => alert === 'department_critical',
};

/** Whether nothing is kept from who has this scope: then it may also have what is not told by scope. */
export function seesEverything(scope: AccessScope): boolean {
  return scope === ALL;
}

/** The scope of a caller: `admin` and `hr` see all, a manager its departments, a viewer department alerts, a service its uploads. */
export function scopeOf(caller: Caller, settings: ScopeSettings): AccessScope {
  switch (caller.role) {
    case 'admin':
    case 'hr':
      return ALL;
    case 'manager':
      return managerScope(caller.departments, settings);
    case 'viewer':
      return DEPARTMENT_ALERTS;
    case 'service':
      return { ...NOTHING, key: `uploads of ${caller.subject}`, seesUploadOf: (by) => by === caller.subject };
  }
}

/** Whether an event of the log may be told. */
export function seesEvent(scope: Pick<AccessScope, 'seesAlert' | 'seesSilences'>, event: LogEvent): boolean {
  return isEntityEvent(event) ? scope.seesAlert(event) : scope.seesSilences;
}

function managerScope(departments: readonly string[], { managersSeeEmployees }: ScopeSettings): AccessScope {
  // Who is in no department has the empty name; no claim may stand for that.
  const own = new Set(departments.map(foldDepartmentName).filter((name) => name !== ''));
  const isOwn = (name: string): boolean => own.has(foldDepartmentName(name));
  return {
    key: `manager ${managersSeeEmployees ? 'of people ' : ''}${JSON.stringify([...own].sort())}`,
    seesAlert: ({ alert, department }) =>
      isOwn(department) && (alert === 'department_critical' || managersSeeEmployees),
    seesSilences: false,
    seesEmployeesOf: (department) => managersSeeEmployees && department !== undefined && isOwn(department),
    seesDepartment: isOwn,
    seesUploadOf: never,
  };
}
