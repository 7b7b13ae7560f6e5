import type { AlertType, ClearedEvent, RaisedEvent } from '../alerts/alert.js';

/** An event that a receiver can be told of. */
export type TellableEvent = RaisedEvent | ClearedEvent;

/** How many events of one department a message tells of. */
export interface DepartmentCount {
  readonly department: string;
  readonly raised: number;
  readonly cleared: number;
}

/** What a message tells, in numbers. */
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
 * - `alerts`: what happened. `reminder`: what still fires, as raises. `test`: somebody asked for it; no events.
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
  readonly events: readonly TellableEvent[];
  /** False where the receiver wants one event a call: `events` holds that one. */
  readonly isGroup: boolean;
}

/** How many events a message tells of. */
export function countOf({ digest: { raised, cleared } }: Pick<Notification, 'digest'>): number {
  return [...Object.values(raised), ...Object.values(cleared)].reduce((sum, count) => sum + count, 0);
}
