import { alertKey, type AlertEvent, type AlertType, type RaisedEvent } from './alert.js';

/** What is firing: the fold of the alert log up to `head`. */
export class AlertState {
  private readonly byKey = new Map<string, RaisedEvent>();
  private lastId: number;

  /** `head` is the id of the last event folded into `active` (oldest first), or the origin of an empty log. */
  constructor(head: number, active: Iterable<RaisedEvent> = []) {
    this.lastId = head;
    for (const event of active) this.byKey.set(alertKey(event), event);
  }

  /** The id of the last event applied. */
  get head(): number {
    return this.lastId;
  }

  /** How many alerts are firing. */
  get size(): number {
    return this.byKey.size;
  }

  /** Applies the next event. An event at or before the head changes nothing. */
  apply(event: AlertEvent): void {
    if (event.id <= this.lastId) return;
    this.lastId = event.id;
    const key = alertKey(event);
    const firing = this.byKey.get(key);
    // A rewritten log may hold what two names of one person led to: a clear ends the raise that it names and no other.
    if (event.kind === 'raised' || firing?.id === event.raisedId) this.byKey.delete(key);
    if (event.kind === 'raised') this.byKey.set(key, event);
  }

  /** The raise that is still firing for the entity. */
  find(alert: AlertType, entityId: string): RaisedEvent | undefined {
    return this.byKey.get(alertKey({ alert, entityId }));
  }

  /** The raise with this id if it is still firing. Looks at all of them. */
  findById(id: number): RaisedEvent | undefined {
    for (const event of this.byKey.values()) if (event.id === id) return event;
    return undefined;
  }

  /** Everything that fires, oldest first: a map keeps the order of insertion, and a raise follows its entity's clear. */
  active(): RaisedEvent[] {
    return [...this.byKey.values()];
  }
}
