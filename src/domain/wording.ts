import type { AlertType, ClearReason } from './alert.js';
import { countOf, type Digest, type Notification, type TellableEvent } from './notification.js';

/** The tone of a message: `resolved` when it tells of nothing but ends. */
export type Tone = 'critical' | 'warning' | 'resolved' | 'info';

/**
 * What a message says, as plain text: whoever puts it into a form escapes it for that form. Names come from data and
 * may hold anything.
 */
export interface Wording {
  readonly tone: Tone;
  /** One line, without a full stop. */
  readonly title: string;
  /** One for each event that is named, in their order. */
  readonly lines: readonly string[];
  /** What the lines leave out, as a sentence; absent: nothing. */
  readonly more?: string;
  /** Counts by department where more than one event is told; most first. */
  readonly departments: readonly string[];
}

const PEOPLE: Readonly<Record<AlertType, readonly [one: string, many: string]>> = {
  employee_stress: ['employee under stress', 'employees under stress'],
  department_critical: ['critical department', 'critical departments'],
};

const ENDED: Readonly<Record<ClearReason, string>> = {
  recovered: 'recovered',
  deleted: 'no longer in the data',
  reset: 'reset by an operator',
  rule_changed: 'the rule has changed',
};

/** The words of a notification. `full` names people and scores; otherwise types, departments and counts are all. */
export function wordingOf(notification: Notification, detail: 'thin' | 'full'): Wording {
  const { kind, digest, events } = notification;
  if (kind === 'test')
    return {
      tone: 'info',
      title: 'Test message of Pulsewatch',
      lines: ['This channel works. Nothing has happened.'],
      departments: [],
    };
  const count = countOf(notification);
  const [only] = events;
  const lines = events.map((event) => lineOf(event, detail));
  const title = count === 1 && only ? titleOf(only, kind) : digestTitle(digest, kind);
  const left = count - events.length;
  return {
    tone: toneOf(digest),
    title,
    lines,
    ...(left > 0 ? { more: `${left} more ${left === 1 ? 'is' : 'are'} not listed here.` } : {}),
    departments: count > 1 ? departmentLines(digest) : [],
  };
}

function toneOf({ raised }: Digest): Tone {
  if (raised.department_critical > 0) return 'critical';
  return raised.employee_stress > 0 ? 'warning' : 'resolved';
}

function titleOf(event: TellableEvent, kind: Notification['kind']): string {
  const still = kind === 'reminder' ? 'Still: ' : '';
  const [one] = PEOPLE[event.alert];
  const what =
    event.alert === 'department_critical'
      ? `${event.department} is critical`
      : `${one} in ${event.department}`;
  return event.kind === 'cleared' ? `Resolved: ${what}` : still + capital(what);
}

function digestTitle({ raised, cleared }: Digest, kind: Notification['kind']): string {
  const fires = counts(raised);
  const ended = counts(cleared);
  const parts = [
    ...(fires === '' ? [] : [kind === 'reminder' ? `Still: ${fires}` : fires]),
    ...(ended === '' ? [] : [`${fires === '' ? 'Resolved' : 'resolved'}: ${ended}`]),
  ];
  return parts.join('; ');
}

function counts(of: Readonly<Record<AlertType, number>>): string {
  const named = (['department_critical', 'employee_stress'] as const).filter((type) => of[type] > 0);
  return named.map((type) => `${of[type]} ${PEOPLE[type][of[type] === 1 ? 0 : 1]}`).join(', ');
}

function lineOf(event: TellableEvent, detail: 'thin' | 'full'): string {
  const { department } = event;
  if (event.kind === 'cleared') {
    const who = event.alert === 'employee_stress' && detail === 'full' ? `${event.entityId}, ` : '';
    const what = event.alert === 'employee_stress' ? 'employee under stress' : 'critical department';
    return `Resolved: ${who}${what}, ${department} (${ENDED[event.reason]})`;
  }
  if (event.alert === 'department_critical') {
    const score = event.data.engagement_score;
    return detail === 'full' && score !== null
      ? `${department}: critical, engagement ${score}`
      : `${department}: critical`;
  }
  if (detail === 'thin') return `${department}: an employee is under stress`;
  const { employee_name, employee_id, position, stress_rate } = event.data;
  return `${employee_name} (${employee_id}, ${position}), ${department}: stress ${stress_rate}`;
}

function departmentLines({ departments, moreDepartments }: Digest): string[] {
  const lines = departments.map(({ department, raised, cleared }) => {
    const parts = [
      ...(raised > 0 ? [`${raised} raised`] : []),
      ...(cleared > 0 ? [`${cleared} resolved`] : []),
    ];
    return `${department}: ${parts.join(', ')}`;
  });
  return moreDepartments > 0 ? [...lines, `and ${moreDepartments} more departments`] : lines;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
