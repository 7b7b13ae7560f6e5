import type { AlertType } from '../alerts/alert.js';
import { isEntityEvent, type LogEvent } from '../alerts/log-event.js';
import { foldDepartmentName } from '../people/department.js';

/** What a caller may be, from the claim that names its role. */
export const ROLES = ['admin', 'hr', 'manager', 'viewer', 'service'] as const;
export type Role = (typeof ROLES)[number];

/** Somebody who was let in: who it is, what it may, and for a manager the departments that it leads, by name. */
export interface Caller {
  readonly subject: string;
  readonly role: Role;
  readonly departments: readonly string[];
}

/** What an operation asks of its caller. */
export const PERMISSIONS = [
  /** Alerts: live, in the log, those that fire. Which ones, the scope of the caller says. */
  'read_alerts',
  /** Departments and employees. Which ones, the scope of the caller says. */
  'read_people',
  /** Uploads, what became of them, and taking them back. A service sees its own only. */
  'upload',
  /** Saying that an alert was seen. Of which alerts, the scope of the caller says. */
  'acknowledge',
  /** Keeping receivers from being told. */
  'silence',
  /** Evaluating, recomputing, resetting and editing. */
  'operate',
  /** The audit log, and removing a person's data. */
  'administer',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

const GRANTED: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  admin: new Set(PERMISSIONS),
  hr: new Set<Permission>(['read_alerts', 'read_people', 'upload', 'acknowledge', 'silence']),
  manager: new Set<Permission>(['read_alerts', 'read_people', 'acknowledge']),
  viewer: new Set<Permission>(['read_alerts']),
  service: new Set<Permission>(['upload']),
};

/** Whether a role may do something at all. */
export function isGranted(role: Role, permission: Permission): boolean {
  return GRANTED[role].has(permission);
}

/** Who everybody is where authentication is off: the person at this machine. */
export const LOCAL_OPERATOR: Caller = { subject: 'local', role: 'admin', departments: [] };

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

interface ScopeSettings {
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
