import type { AlertDecision, AlertEvent, AlertType, RaisedEvent } from './alert.js';
import type { Silence } from './silence.js';

/** A person has seen an alert: receivers get no reminders of it until it clears. `at` is milliseconds since 1970. */
export interface Acknowledgement {
  readonly kind: 'acknowledged';
  readonly at: number;
  readonly alert: AlertType;
  readonly entityId: string;
  readonly department: string;
  readonly raisedId: number;
  /** The subject that acknowledged the alert. */
  readonly by: string;
  readonly comment?: string;
}

/** A silence was set. */
export interface SilenceSet extends Silence {
  readonly kind: 'silence_set';
  readonly at: number;
}

/** A silence was ended before its time. */
export interface SilenceEnded {
  readonly kind: 'silence_ended';
  readonly at: number;
  readonly silenceId: string;
  readonly by: string;
}

/** A decision that is not yet in the log. */
export type LogDecision = AlertDecision | Acknowledgement | SilenceSet | SilenceEnded;

export type AcknowledgedEvent = Acknowledgement & { readonly id: number };
export type SilenceSetEvent = SilenceSet & { readonly id: number };
export type SilenceEvent = SilenceSetEvent | (SilenceEnded & { readonly id: number });

/** An event about one employee or department. */
export type EntityEvent = AlertEvent | AcknowledgedEvent;
/** Any event of the log. */
export type LogEvent = EntityEvent | SilenceEvent;
/** An event of the current state: a firing alert, its acknowledgement, or a silence. Folding them gives the same state. */
export type StateEvent = RaisedEvent | AcknowledgedEvent | SilenceSetEvent;

/** Whether an event is about one employee or department. */
export function isEntityEvent(event: LogEvent): event is EntityEvent {
  return event.kind === 'raised' || event.kind === 'cleared' || event.kind === 'acknowledged';
}
