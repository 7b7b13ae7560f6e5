import { alertKey, type AlertType, type RaisedEvent } from './alert.js';
import type { AcknowledgedEvent, LogEvent, SilenceSetEvent, StateEvent } from './log-event.js';

/** How long an expired silence is kept, in milliseconds, because the clocks of instances can differ. */
const EXPIRED_SILENCE_MS = 86_400_000;

/** The fold of the alert log up to `head`: firing alerts, acknowledgements and silences. */
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

  /** The number of firing alerts. */
  get size(): number {
    return this.byKey.size;
  }

  /** Applies the next event. An event at or before the head changes nothing. */
  apply(event: LogEvent): void {
    if (event.id <= this.lastId) return;
    this.lastId = event.id;
    this.fold(event);
  }

  /** The raised event of the firing alert of an entity. */
  find(alert: AlertType, entityId: string): RaisedEvent | undefined {
    return this.byKey.get(alertKey({ alert, entityId }));
  }

  /** The raised event with this id if its alert is firing. */
  findById(id: number): RaisedEvent | undefined {
    return this.byId.get(id);
  }

  /** The acknowledgement of a firing alert, by the id of its raised event. */
  acknowledgementOf(raisedId: number): AcknowledgedEvent | undefined {
    return this.acknowledged.get(raisedId);
  }

  /** All firing alerts, oldest first: a map keeps the order of insertion, and a raise follows the clear of its entity. */
  active(): RaisedEvent[] {
    return [...this.byKey.values()];
  }

  /** The silences that were not ended, oldest first, except those that expired a day or more before the newest event. */
  silences(): SilenceSetEvent[] {
    return [...this.silenced.values()].filter(({ endsAt }) => endsAt > this.lastAt - EXPIRED_SILENCE_MS);
  }

  /** The events from which the state can be folded again, oldest first. */
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
        // A rewritten log can hold events of two ids of one person, so a clear ends only the raise that it names.
        const firing = this.byKey.get(alertKey(event));
        if (firing?.id === event.raisedId) this.end(firing);
        break;
      }
      case 'acknowledged':
        // Only the first acknowledgement of a raise counts.
        if (this.byId.has(event.raisedId) && !this.acknowledged.has(event.raisedId))
          this.acknowledged.set(event.raisedId, event);
        break;
      case 'silence_set':
        this.removeExpired();
        this.silenced.set(event.silenceId, event);
        break;
      case 'silence_ended':
        this.silenced.delete(event.silenceId);
    }
  }

  /** Bounds the memory of a process that runs for years. */
  private removeExpired(): void {
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
