import type { AlertType } from './alerts/alert.js';
import {
  NAMED_EVENTS,
  type DepartmentCount,
  type Digest,
  type TellableEvent,
} from './notifications/notification.js';

const NAMED_DEPARTMENTS = 10;

/** Counts events as they pass, and remembers those that a message for people names. */
export class DigestTally {
  private readonly raised = noAlerts();
  private readonly cleared = noAlerts();
  private readonly departments = new Map<string, { raised: number; cleared: number }>();
  private first: TellableEvent[] = [];
  private top: TellableEvent[] = [];
  private count = 0;

  /** Counts the next event of the log. */
  add(event: TellableEvent): void {
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
  get named(): readonly TellableEvent[] {
    return this.count <= NAMED_EVENTS ? this.first : this.top;
  }
}

/** What is named before what: departments, then people by their stress, then what is over. */
function weightOf(event: TellableEvent): number {
  if (event.kind === 'cleared') return -1;
  return event.alert === 'department_critical' ? 1_000 : event.data.stress_rate;
}

function noAlerts(): Record<AlertType, number> {
  return { employee_stress: 0, department_critical: 0 };
}
