import type { AlertType, RaisedEvent } from '../domain/alerts/alert.js';
import type { AlertState } from '../domain/alerts/alert-state.js';
import type { AcknowledgedEvent, SilenceSetEvent, StateEvent } from '../domain/alerts/log-event.js';

/** What a process knows of alerts: the fold of the log up to {@link head}. */
export abstract class KnownAlerts {
  protected abstract get state(): AlertState;

  /** The id of the newest event this process knows. */
  get head(): number {
    return this.state.head;
  }

  /** The raise that fires for the entity, at {@link head}. */
  find(alert: AlertType, entityId: string): RaisedEvent | undefined {
    return this.state.find(alert, entityId);
  }

  /** The raise with this id if it still fires at {@link head}, even where its record was trimmed. */
  findById(id: number): RaisedEvent | undefined {
    return this.state.findById(id);
  }

  /** The acknowledgement of the raise with this id, if it still fires at {@link head}. */
  acknowledgementOf(raisedId: number): AcknowledgedEvent | undefined {
    return this.state.acknowledgementOf(raisedId);
  }

  /** The silences that nobody has ended: those to come, in force, and lately run out. */
  silences(): SilenceSetEvent[] {
    return this.state.silences();
  }

  /** Everything that counts at {@link head}: what fires, what of that is acknowledged, and silences; oldest first. */
  standing(): StateEvent[] {
    return this.state.standing();
  }

  /** Everything that fires at {@link head}, oldest first. */
  active(): RaisedEvent[] {
    return this.state.active();
  }
}
