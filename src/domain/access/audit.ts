import type { Role } from './access.js';

/** Everything that the audit log tells of. */
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
  /** Any other request; only when it was refused. */
  'requests.other',
  /** Refusals of one address that came too fast for lines of their own: `count` tells how many. */
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

/** Whether an action changes something, so that it must not be answered before its line is kept. */
export function isChange(action: AuditAction): boolean {
  return CHANGES.has(action);
}

export const AUDIT_OUTCOMES = ['allowed', 'refused'] as const;
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

/** What somebody did, or was kept from doing. Never a token, a score, a name, a query or a body. */
export interface AuditFact {
  /** Null where nobody was recognised. */
  readonly subject: string | null;
  readonly role: Role | null;
  readonly action: AuditAction;
  /** A path without its query, like `employees/E1` or `employees`. */
  readonly target: string;
  readonly outcome: AuditOutcome;
  /** The problem that was answered; of what was allowed: one that came in the middle of it. */
  readonly code?: string;
  /** How many requests the line stands for; absent: one. */
  readonly count?: number;
  readonly address: string;
}

/** A line of the audit log. */
export interface AuditEntry extends AuditFact {
  /** A UUID of version 7, of the moment that `at` tells: lines sort by it. */
  readonly id: string;
  /** ISO-8601, UTC. */
  readonly at: string;
}

/** What to look for; an absent part accepts everything. */
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

/** A text that sorts after every id before this moment, and before every id of it. It is no id itself. */
export function auditIdsFrom(moment: number): string {
  const digits = Math.max(0, moment).toString(16).padStart(TIME_DIGITS, '0');
  return `${digits.slice(0, 8)}-${digits.slice(8)}-`;
}

/** The UTC day of an entry, as `2026-11-22`, by its id. */
export function auditDayOf(id: string): string {
  return utcDay(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16));
}

/** The UTC day of a moment. */
export function utcDay(moment: number): string {
  return new Date(moment).toISOString().slice(0, 10);
}

/** Whether a text can be the id of a line. */
export function isAuditId(text: string): boolean {
  return /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[\da-f]{4}-[\da-f]{12}$/.test(text);
}
