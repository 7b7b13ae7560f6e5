import type { AlertType, ClearedEvent, RaisedEvent } from '../alerts/alert.js';

/** An event that receivers are notified of. */
export type NotifiableEvent = RaisedEvent | ClearedEvent;

/** How many events of one department a message is about. */
export interface DepartmentCount {
  readonly department: string;
  readonly raised: number;
  readonly cleared: number;
}

/** The counts of a message. */
export interface Digest {
  readonly raised: Readonly<Record<AlertType, number>>;
  readonly cleared: Readonly<Record<AlertType, number>>;
  /** The ten departments with the most events, those with most first; empty for a test. */
  readonly departments: readonly DepartmentCount[];
  /** How many departments there are beyond those. */
  readonly moreDepartments: number;
}

/** How many events a message for people names. */
export const NAMED_EVENTS = 10;

/**
 * One message for one receiver.
 * - `alerts`: what happened. `reminder`: what still fires, as raises. `test`: sent on request; no events.
 */
export interface Notification {
  /** The same at every attempt and after every restart, and never used for another one: `[A-Za-z0-9._-]`, at most 200. */
  readonly id: string;
  readonly kind: 'alerts' | 'reminder' | 'test';
  /** When the newest of its events was decided, or when it was made: milliseconds since 1970. */
  readonly at: number;
  readonly digest: Digest;
  /**
   * In the order of the log. For webhooks all of them, at most 50; for people all when there are at most
   * {@link NAMED_EVENTS}, else the most serious: raises of departments, then raises by falling stress.
   */
  readonly events: readonly NotifiableEvent[];
  /** False where the receiver wants one event a call: `events` holds that one. */
  readonly isGroup: boolean;
}

/** How many events a message is about. */
export function countOf({ digest: { raised, cleared } }: Pick<Notification, 'digest'>): number {
  return [...Object.values(raised), ...Object.values(cleared)].reduce((sum, count) => sum + count, 0);
}

const NAMED_DEPARTMENTS = 10;

/** Counts events as they pass, and remembers those that a message for people names. */
export class DigestTally {
  private readonly raised = noAlerts();
  private readonly cleared = noAlerts();
  private readonly departments = new Map<string, { raised: number; cleared: number }>();
  private first: NotifiableEvent[] = [];
  private top: NotifiableEvent[] = [];
  private count = 0;

  /** Counts the next event of the log. */
  add(event: NotifiableEvent): void {
    this.count += 1;
    this[event.kind][event.alert] += 1;
    const of = this.departments.get(event.department) ?? { raised: 0, cleared: 0 };
    of[event.kind] += 1;
    this.departments.set(event.department, of);
    if (this.first.length < NAMED_EVENTS) this.first.push(event);
    const least = this.top.at(-1);
    if (this.top.length === NAMED_EVENTS && least && weightOf(event) <= weightOf(least)) return;
    // Behind those of the same weight, so that of equals the earlier ones are named.
    const place = this.top.findIndex((other) => weightOf(other) < weightOf(event));
    this.top.splice(place === -1 ? this.top.length : place, 0, event);
    this.top = this.top.slice(0, NAMED_EVENTS);
  }

  /** What was counted. */
  get digest(): Digest {
    const all = [...this.departments].map(([department, counts]): DepartmentCount => ({
      department,
      ...counts,
    }));
    all.sort((a, b) => b.raised + b.cleared - (a.raised + a.cleared));
    return {
      raised: { ...this.raised },
      cleared: { ...this.cleared },
      departments: all.slice(0, NAMED_DEPARTMENTS),
      moreDepartments: Math.max(0, all.length - NAMED_DEPARTMENTS),
    };
  }

  /** All events in their order when there are few; otherwise the most serious. */
  get named(): readonly NotifiableEvent[] {
    return this.count <= NAMED_EVENTS ? this.first : this.top;
  }
}

/** What is named before what: departments, then people by their stress, then what is over. */
function weightOf(event: NotifiableEvent): number {
  if (event.kind === 'cleared') return -1;
  return event.alert === 'department_critical' ? 1_000 : event.data.stress_rate;
}

function noAlerts(): Record<AlertType, number> {
  return { employee_stress: 0, department_critical: 0 };
}
