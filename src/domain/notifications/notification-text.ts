import type { AlertType, ClearReason } from '../alerts/alert.js';
import {
  countOf,
  type DepartmentCount,
  type Digest,
  type Notification,
  type NotifiableEvent,
} from './notification.js';

/**
 * What turns the direction of text or is not to be seen; but for joiners and variation selectors, without which some
 * scripts and emoji fall apart.
 */
const UNSEEN = /(?![\u200c\u200d\ufe00-\ufe0f])[\p{Bidi_Control}\p{Default_Ignorable_Code_Point}]/gu;
const BLANKS = /[\s\p{Cc}]+/gu;
const HALF_CHARACTERS = /\p{Cs}/gu;

/**
 * A text from data as one line of at most `maxCharacters`, which is cut between characters and ends with `…` then. It
 * holds no line breaks, no controls, nothing that reorders the text around it, and no halves of characters.
 */
export function singleLine(text: string, maxCharacters: number): string {
  const line = text.replace(UNSEEN, '').replace(BLANKS, ' ').replace(HALF_CHARACTERS, '\ufffd').trim();
  const characters = Array.from(line);
  if (characters.length <= maxCharacters) return line;
  const kept = characters.slice(0, maxCharacters - 1).join('');
  return `${kept.trimEnd()}…`;
}

/** A longer name is cut: the words around it, which say what has happened, must stay in sight. */
const NAME_CHARACTERS = 100;

/** The tone of a message: `resolved` when it holds nothing but clears. */
export type Tone = 'critical' | 'warning' | 'resolved' | 'info';

/** What has happened to the subjects of a message. */
export type Status = 'Raised' | 'Resolved' | 'Raised and resolved' | 'Still firing' | 'Test';

/**
 * What a message says, as plain text: a form that it is put into escapes it for itself. Names come from data: they
 * are of one line and of some length, and may hold anything else.
 */
export interface Wording {
  readonly tone: Tone;
  /** One line, without a full stop. */
  readonly title: string;
  /** One for each event that is named, in their order. What would be the same line again and again is counted only. */
  readonly lines: readonly string[];
  /** What the lines leave out, as a sentence; absent: nothing. */
  readonly more?: string;
  /** Counts by department of a message with more than one event; most first. */
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
  // Of several people a message may hold nothing but their number, which the departments give.
  const isCounted = detail === 'thin' && count > 1;
  const named = isCounted ? events.filter(({ alert }) => alert === 'department_critical') : events;
  const lines = named.map((event) => lineOf(event, detail));
  const title = count === 1 && only ? titleOf(only, kind) : digestTitle(digest, kind);
  const more = isCounted ? undefined : moreEvents(count - events.length);
  return {
    tone: toneOf(digest),
    title,
    lines,
    ...(more === undefined ? {} : { more }),
    departments: departmentLines(notification),
  };
}

/** In a word or two: a form that shows it needs no colour to be understood. */
export function statusOf({ kind, digest: { raised, cleared } }: Notification): Status {
  if (kind === 'test') return 'Test';
  if (kind === 'reminder') return 'Still firing';
  const isOneOf = (counts: Readonly<Record<AlertType, number>>) =>
    Object.values(counts).some((count) => count > 0);
  if (!isOneOf(cleared)) return 'Raised';
  return isOneOf(raised) ? 'Raised and resolved' : 'Resolved';
}

/** How many events are left out, as a sentence; undefined: none. */
export function moreEvents(count: number): string | undefined {
  return count > 0 ? `${count} more ${count === 1 ? 'is' : 'are'} not listed here.` : undefined;
}

/** What one department's events come to. */
export interface DepartmentFact {
  readonly department: string;
  readonly counts: string;
}

/** Counts by department of a message with more than one event; most first. For forms that show them as a table. */
export function departmentFacts(notification: Notification): readonly DepartmentFact[] {
  if (countOf(notification) <= 1) return [];
  return notification.digest.departments.map((count) => ({
    department: nameOf(count.department),
    counts: countsOf(count),
  }));
}

/** How many departments are left out, in words; undefined: none. */
export function moreDepartments(count: number): string | undefined {
  return count > 0 ? `and ${count} more ${count === 1 ? 'department' : 'departments'}` : undefined;
}

function toneOf({ raised }: Digest): Tone {
  if (raised.department_critical > 0) return 'critical';
  return raised.employee_stress > 0 ? 'warning' : 'resolved';
}

function titleOf(event: NotifiableEvent, kind: Notification['kind']): string {
  if (event.kind === 'cleared') return `Resolved: ${matterOf(event)}`;
  return kind === 'reminder' ? `Still: ${subjectOf(event)}` : subjectOf(event);
}

/** What an alert is about, without what has become of it: the same for its raise, its reminders and its clear. */
export function subjectOf(event: NotifiableEvent): string {
  const matter = matterOf(event);
  // A name is written as it is in the data.
  return event.alert === 'department_critical' ? matter : capital(matter);
}

function matterOf({ alert, department }: NotifiableEvent): string {
  const name = nameOf(department);
  return alert === 'department_critical' ? `${name} is critical` : `${PEOPLE[alert][0]} in ${name}`;
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

function lineOf(event: NotifiableEvent, detail: 'thin' | 'full'): string {
  const department = nameOf(event.department);
  if (event.kind === 'cleared') {
    const who = event.alert === 'employee_stress' && detail === 'full' ? `${nameOf(event.entityId)}, ` : '';
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
  const [name, id, job] = [employee_name, employee_id, position].map(nameOf);
  return `${name} (${id}, ${job}), ${department}: stress ${stress_rate}`;
}

function departmentLines(notification: Notification): string[] {
  const facts = departmentFacts(notification);
  const more = moreDepartments(facts.length > 0 ? notification.digest.moreDepartments : 0);
  const lines = facts.map(({ department, counts }) => `${department}: ${counts}`);
  return more === undefined ? lines : [...lines, more];
}

function countsOf({ raised, cleared }: DepartmentCount): string {
  const parts = [
    ...(raised > 0 ? [`${raised} raised`] : []),
    ...(cleared > 0 ? [`${cleared} resolved`] : []),
  ];
  return parts.join(', ');
}

function nameOf(text: string): string {
  return singleLine(text, NAME_CHARACTERS) || 'Unknown';
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
