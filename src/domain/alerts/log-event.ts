import type { AlertDecision, AlertEvent, AlertType, RaisedEvent } from './alert.js';
import type { Silence } from './silence.js';

/** Somebody has seen an alert: receivers are not reminded of it until it clears. `at` is milliseconds since 1970. */
export interface Acknowledgement {
  readonly kind: 'acknowledged';
  readonly at: number;
  readonly alert: AlertType;
  readonly entityId: string;
  readonly department: string;
  readonly raisedId: number;
  /** The subject who did it. */
  readonly by: string;
  readonly comment?: string;
}

/** Somebody has set a silence. */
export interface SilenceSet extends Silence {
  readonly kind: 'silence_set';
  readonly at: number;
}

/** Somebody has ended a silence before its time. */
export interface SilenceEnded {
  readonly kind: 'silence_ended';
  readonly at: number;
  readonly silenceId: string;
  readonly by: string;
}

/** Something that is not yet in the log. */
export type LogDecision = AlertDecision | Acknowledgement | SilenceSet | SilenceEnded;

export type AcknowledgedEvent = Acknowledgement & { readonly id: number };
export type SilenceSetEvent = SilenceSet & { readonly id: number };
export type SilenceEvent = SilenceSetEvent | (SilenceEnded & { readonly id: number });

/** What is about one employee or department. */
export type EntityEvent = AlertEvent | AcknowledgedEvent;
/** Everything that the log holds. */
export type LogEvent = EntityEvent | SilenceEvent;
/** What still counts: alerts that fire, acknowledgements of those, and silences. Folded again it gives the same state. */
export type StateEvent = RaisedEvent | AcknowledgedEvent | SilenceSetEvent;

/** Whether an event is about one employee or department. */
export function isEntityEvent(event: LogEvent): event is EntityEvent {
  return event.kind === 'raised' || event.kind === 'cleared' || event.kind === 'acknowledged';
}
