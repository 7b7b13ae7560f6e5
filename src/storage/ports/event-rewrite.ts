import type { ClearedEvent, RaisedEvent } from '../../domain/alerts/alert.js';
import type {
  AcknowledgedEvent,
  LogEvent,
  SilenceSetEvent,
  StateEvent,
} from '../../domain/alerts/log-event.js';

/**
 * How events in the log are rewritten. Each function is pure; it returns the same object where nothing changes, and
 * otherwise one with the same id.
 */
export interface EventChange {
  readonly raised: (event: RaisedEvent) => RaisedEvent;
  readonly cleared: (event: ClearedEvent) => ClearedEvent;
  readonly acknowledged: (event: AcknowledgedEvent) => AcknowledgedEvent;
  readonly silenceSet: (event: SilenceSetEvent) => SilenceSetEvent;
}

/** The change that changes nothing: the base of changes to one kind of event. */
export const UNCHANGED: EventChange = {
  raised: (event) => event,
  cleared: (event) => event,
  acknowledged: (event) => event,
  silenceSet: (event) => event,
};

/** Events after a change, and the number of changed ones. */
export interface Rewritten<Event> {
  readonly events: readonly Event[];
  readonly changed: number;
}

/** Applies a change to the events of a record. */
export function rewriteEvents(events: readonly LogEvent[], change: EventChange): Rewritten<LogEvent> {
  return applied(events, (event) => {
    if (event.kind === 'cleared') return change.cleared(event);
    return event.kind === 'silence_ended' ? event : standingAfter(event, change);
  });
}

/** Applies a change to the events of a checkpoint. */
export function rewriteActive(events: readonly StateEvent[], change: EventChange): Rewritten<StateEvent> {
  return applied(events, (event) => standingAfter(event, change));
}

function standingAfter(event: StateEvent, change: EventChange): StateEvent {
  switch (event.kind) {
    case 'raised':
      return change.raised(event);
    case 'acknowledged':
      return change.acknowledged(event);
    case 'silence_set':
      return change.silenceSet(event);
  }
}

function applied<Event>(events: readonly Event[], change: (event: Event) => Event): Rewritten<Event> {
  let changed = 0;
  const next = events.map((event) => {
    const after = change(event);
    if (after !== event) changed += 1;
    return after;
  });
  return { events: next, changed };
}
