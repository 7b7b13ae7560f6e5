import type { AlertEvent, ClearedEvent, RaisedEvent } from '../domain/alert.js';

/**
 * What becomes of events that are in the log already. Pure; answers the very same object where nothing changes, and
 * otherwise one with the same id.
 */
export interface EventChange {
  readonly raised: (event: RaisedEvent) => RaisedEvent;
  readonly cleared: (event: ClearedEvent) => ClearedEvent;
}

/** Events after a change, and how many of them it changed. */
export interface Rewritten<Event> {
  readonly events: readonly Event[];
  readonly changed: number;
}

/** Applies a change to the events of a record. */
export function rewriteEvents(events: readonly AlertEvent[], change: EventChange): Rewritten<AlertEvent> {
  return applied(events, (event) => (event.kind === 'raised' ? change.raised(event) : change.cleared(event)));
}

/** Applies a change to what fires in a checkpoint. */
export function rewriteActive(events: readonly RaisedEvent[], change: EventChange): Rewritten<RaisedEvent> {
  return applied(events, change.raised);
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
