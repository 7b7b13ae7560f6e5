import { alertKey, type AlertType, type RaisedEvent } from './alert.js';
import type { AcknowledgedEvent, LogEvent, SilenceSetEvent, StateEvent } from './log-event.js';

/** A silence that ran out is remembered for this long, for clocks that differ: milliseconds. */
const OVER_MS = 86_400_000;

/** What is firing, acknowledged and silenced: the fold of the alert log up to `head`. */
export class AlertState {
  private readonly byKey = new Map<string, RaisedEvent>();
  private readonly byId = new Map<number, RaisedEvent>();
  private readonly acknowledged = new Map<number, AcknowledgedEvent>();
  private readonly silenced = new Map<string, SilenceSetEvent>();
  private lastId: number;
  private lastAt = 0;

  /** `head` is the id of the last event folded into `standing` (oldest first), or the origin of an empty log. */
  constructor(head: number, standing: Iterable<StateEvent> = []) {
    this.lastId = head;
    for (const event of standing) this.fold(event);
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
  apply(event: LogEvent): void {
    if (event.id <= this.lastId) return;
    this.lastId = event.id;
    this.fold(event);
  }

  /** The raise that is still firing for the entity. */
  find(alert: AlertType, entityId: string): RaisedEvent | undefined {
    return this.byKey.get(alertKey({ alert, entityId }));
  }

  /** The raise with this id if it is still firing. */
  findById(id: number): RaisedEvent | undefined {
    return this.byId.get(id);
  }

  /** The acknowledgement of a raise that is still firing. */
  acknowledgementOf(raisedId: number): AcknowledgedEvent | undefined {
    return this.acknowledged.get(raisedId);
  }

  /** Everything that fires, oldest first: a map keeps the order of insertion, and a raise follows its entity's clear. */
  active(): RaisedEvent[] {
    return [...this.byKey.values()];
  }

  /** The silences that nobody ended, oldest first, but for those that had run out a day before the newest event. */
  silences(): SilenceSetEvent[] {
    return [...this.silenced.values()].filter(({ endsAt }) => endsAt > this.lastAt - OVER_MS);
  }

  /** The events that still count, oldest first. */
  standing(): StateEvent[] {
    const others: StateEvent[] = [...this.acknowledged.values(), ...this.silences()];
    return others.length === 0 ? this.active() : [...this.active(), ...others].sort((a, b) => a.id - b.id);
  }

  private fold(event: LogEvent): void {
    this.lastAt = Math.max(this.lastAt, event.at);
    switch (event.kind) {
      case 'raised':
        this.end(this.byKey.get(alertKey(event)));
        this.byKey.set(alertKey(event), event);
        this.byId.set(event.id, event);
        break;
      case 'cleared': {
        // A rewritten log may hold what two names of one person led to: a clear ends the raise that it names and no other.
        const firing = this.byKey.get(alertKey(event));
        if (firing?.id === event.raisedId) this.end(firing);
        break;
      }
      case 'acknowledged':
        // The first one counts.
        if (this.byId.has(event.raisedId) && !this.acknowledged.has(event.raisedId))
          this.acknowledged.set(event.raisedId, event);
        break;
      case 'silence_set':
        this.forgetOld();
        this.silenced.set(event.silenceId, event);
        break;
      case 'silence_ended':
        this.silenced.delete(event.silenceId);
    }
  }

  /** What nobody asks for any more must not add up in a process that runs for years. */
  private forgetOld(): void {
    const current = new Set(this.silences());
    for (const [id, silence] of this.silenced) if (!current.has(silence)) this.silenced.delete(id);
  }

  private end(firing: RaisedEvent | undefined): void {
    if (firing === undefined) return;
    this.byKey.delete(alertKey(firing));
    this.byId.delete(firing.id);
    this.acknowledged.delete(firing.id);
  }
}
