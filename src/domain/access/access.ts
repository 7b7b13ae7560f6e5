import type { AlertType } from '../alerts/alert.js';
import { isEntityEvent, type LogEvent } from '../alerts/log-event.js';
import { foldDepartmentName } from '../people/department.js';

/** The roles of callers, from the most to the least permissions. */
export const ROLES = ['admin', 'hr', 'manager', 'viewer', 'service'] as const;
export type Role = (typeof ROLES)[number];

/** An authenticated caller: its subject, its role, and for a manager the names of the departments that it leads. */
export interface Caller {
  readonly subject: string;
  readonly role: Role;
  readonly departments: readonly string[];
}

/** The permissions that operations require. */
export const PERMISSIONS = [
  /** Read alerts: live, in the log, and active ones. The scope of the caller determines which. */
  'read_alerts',
  /** Read departments and employees. The scope of the caller determines which. */
  'read_people',
  /** Upload files, read their reports, undo them. A service sees only its own uploads. */
  'upload',
  /** Acknowledge alerts. The scope of the caller determines which. */
  'acknowledge',
  /** Set and end silences. */
  'silence',
  /** Evaluate, roll up, reset and edit. */
  'operate',
  /** Read the audit log and erase the data of a person. */
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

/** Whether a role has a permission. */
export function isGranted(role: Role, permission: Permission): boolean {
  return GRANTED[role].has(permission);
}

/** Every caller while authentication is off: the person at this machine. */
export const LOCAL_OPERATOR: Caller = { subject: 'local', role: 'admin', departments: [] };

/** The data that a caller may see: the one decision for every path by which data leaves the server. */
export interface AccessScope {
  /** Callers with the same key see the same data. */
  readonly key: string;
  /** Whether an alert, raised or cleared, may be shown. */
  readonly seesAlert: (alert: { readonly alert: AlertType; readonly department: string }) => boolean;
  /** Whether silences may be shown: a silence can name any employee. */
  readonly seesSilences: boolean;
  /** Whether the employees of a department may be shown; undefined stands for employees without a department. */
  readonly seesEmployeesOf: (department: string | undefined) => boolean;
  readonly seesDepartment: (name: string) => boolean;
  /** Whether an upload may be shown, by the subject that sent it; undefined: the upload has no recorded subject. */
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

/** Whether a scope hides nothing. Data that is not divided by scope is for such callers only. */
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

/** Whether a scope may see an event of the log. */
export function seesEvent(scope: Pick<AccessScope, 'seesAlert' | 'seesSilences'>, event: LogEvent): boolean {
  return isEntityEvent(event) ? scope.seesAlert(event) : scope.seesSilences;
}

function managerScope(departments: readonly string[], { managersSeeEmployees }: ScopeSettings): AccessScope {
  // The empty name stands for employees without a department. No claim may match it.
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
