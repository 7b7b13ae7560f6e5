import type { Role } from './access.js';

/** The actions that the audit log records. */
export const AUDIT_ACTIONS = [
  'alerts.acknowledge',
  'alerts.connect',
  'alerts.read',
  'alerts.reset',
  'audit.read',
  'channels.redrive',
  'channels.resume',
  'channels.test',
  'departments.edit',
  'employees.edit',
  'employees.read',
  'employees.remove',
  'push.subscribe',
  'push.unsubscribe',
  'risk.evaluate',
  'silences.end',
  'silences.set',
  'sync.run',
  'uploads.create',
  'uploads.read_errors',
  'uploads.undo',
  /** Any other request; recorded only when it is refused. */
  'requests.other',
  /** A summary of further refusals of one address within a minute; `count` is their number. */
  'requests.more',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

const CHANGES: ReadonlySet<AuditAction> = new Set<AuditAction>([
  'alerts.acknowledge',
  'alerts.reset',
  'channels.redrive',
  'channels.resume',
  'channels.test',
  'departments.edit',
  'employees.edit',
  'employees.remove',
  'push.subscribe',
  'push.unsubscribe',
  'risk.evaluate',
  'silences.end',
  'silences.set',
  'sync.run',
  'uploads.create',
  'uploads.undo',
]);

/** Whether an action is a change. The response to a change waits until its entry is durable. */
export function isChange(action: AuditAction): boolean {
  return CHANGES.has(action);
}

export const AUDIT_OUTCOMES = ['allowed', 'refused'] as const;
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

/** An action of a caller, allowed or refused. Holds no token, score, name, query or body. */
export interface AuditFact {
  /** Null: the caller was not identified. */
  readonly subject: string | null;
  readonly role: Role | null;
  readonly action: AuditAction;
  /** A path below the API prefix, without its query: `employees/E1`. */
  readonly target: string;
  readonly outcome: AuditOutcome;
  /** The problem code of the response. With `allowed`: the request failed while it was processed. */
  readonly code?: string;
  /** The number of requests that the entry stands for; absent: 1. */
  readonly count?: number;
  readonly address: string;
}

/** An entry of the audit log. */
export interface AuditEntry extends AuditFact {
  /** A UUID version 7 with the time of `at`. Entries sort by it. */
  readonly id: string;
  /** ISO-8601, UTC. */
  readonly at: string;
}

/** The filters of the audit log; an absent part accepts everything. */
export interface AuditFilter {
  readonly subject?: string | undefined;
  readonly action?: AuditAction | undefined;
  readonly outcome?: AuditOutcome | undefined;
  /** `employees` accepts what is below it too, as `employees/E1`. */
  readonly target?: string | undefined;
}

/** The predicate for a filter. */
export function auditMatcher({
  subject,
  action,
  outcome,
  target,
}: AuditFilter): (entry: AuditFact) => boolean {
  return (entry) =>
    (subject === undefined || entry.subject === subject) &&
    (action === undefined || entry.action === action) &&
    (outcome === undefined || entry.outcome === outcome) &&
    (target === undefined || entry.target === target || entry.target.startsWith(`${target}/`));
}

/** The first 48 bits of a UUID of version 7 are milliseconds since 1970. */
const TIME_DIGITS = 12;

/** A bound in the order of ids: after every id before this moment (milliseconds since 1970), before every id at or after it. */
export function auditIdsFrom(moment: number): string {
  const digits = Math.max(0, moment).toString(16).padStart(TIME_DIGITS, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}-`;
}

/** The UTC day of an entry by its id: `2026-11-22`. */
export function auditDayOf(id: string): string {
  return utcDay(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
}

/** The UTC day of a moment in milliseconds since 1970. */
export function utcDay(moment: number): string {
  return new Date(moment).toISOString().slice(0, 10);
}

/** Whether a text has the form of the id of an entry. */
export function isAuditId(text: string): boolean {
  return /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[\da-f]{4}-[\da-f]{12}$/.test(text);
}
