import type { RaisedEvent } from '../../../src/domain/alerts/alert.js';
import type {
  AcknowledgedEvent,
  Acknowledgement,
  SilenceEnded,
  SilenceSet,
} from '../../../src/domain/alerts/log-event.js';
import type { Silence } from '../../../src/domain/alerts/silence.js';

/** Somebody has seen an alert. */
export function acknowledging(raised: RaisedEvent, more: Partial<Acknowledgement> = {}): Acknowledgement {
  const { alert, entityId, department, id: raisedId, at } = raised;
  return { kind: 'acknowledged', alert, entityId, department, raisedId, at: at + 1, by: 'hera', ...more };
}

/** The same, in the log. */
export function acknowledgedEvent(
  id: number,
  raised: RaisedEvent,
  more: Partial<Acknowledgement> = {},
): AcknowledgedEvent {
  return { ...acknowledging(raised, more), id };
}

/** Somebody has set a silence for an hour from `at` on; it covers critical departments. */
export function silenceSet(silenceId: string, at: number, more: Partial<Silence> = {}): SilenceSet {
  const matcher = { types: ['department_critical'] } as const;
  const span = { startsAt: at, endsAt: at + 3_600_000 };
  return { kind: 'silence_set', at, silenceId, matcher, ...span, by: 'hera', reason: 'A rehearsal', ...more };
}

/** Somebody has ended one. */
export function silenceEnded(silenceId: string, at: number): SilenceEnded {
  return { kind: 'silence_ended', at, silenceId, by: 'hugo' };
}
