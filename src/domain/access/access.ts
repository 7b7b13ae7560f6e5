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
