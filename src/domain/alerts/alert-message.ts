import type {
  AlertEvent,
  AlertType,
  DepartmentCriticalData,
  EmployeeStressData,
  AlertCleared,
  AlertDecision,
  ClearReason,
} from './alert.js';
import type { AcknowledgedEvent, LogEvent } from './log-event.js';
import type { Silence, SilenceMatcher } from './silence.js';
import type { ZonedTime } from '../../lib/zoned-time.js';

/** The alert messages of contract section 7, in frames, REST lists and webhooks. */
export type AlertMessage =
  | { type: 'employee_stress'; id: string; timestamp: string; data: EmployeeStressData }
  | { type: 'department_critical'; id: string; timestamp: string; data: DepartmentCriticalData }
  | { type: 'alert_cleared'; id: string; timestamp: string; data: ClearedData };

/** `data` of an `alert_acknowledged` message. */
export interface AcknowledgedData {
  alert: AlertType;
  employee_id?: string;
  department_id?: string;
  raised_id: string;
  by: string;
  comment: string | null;
}

/** The matcher of a silence as callers see it; null accepts everything. */
export interface SilenceMatcherData {
  types: readonly AlertType[] | null;
  departments: readonly string[] | null;
  employee_ids: readonly string[] | null;
  department_ids: readonly string[] | null;
}

/** `data` of a `silence_set` message. */
export interface SilenceSetData {
  silence_id: string;
  matcher: SilenceMatcherData;
  starts_at: string;
  ends_at: string;
  by: string;
  reason: string;
}

/** The message for any event of the log. */
export type LogMessage =
  | AlertMessage
  | { type: 'alert_acknowledged'; id: string; timestamp: string; data: AcknowledgedData }
  | { type: 'silence_set'; id: string; timestamp: string; data: SilenceSetData }
  | { type: 'silence_ended'; id: string; timestamp: string; data: { silence_id: string; by: string } };

export type AcknowledgedMessage = Extract<LogMessage, { type: 'alert_acknowledged' }>;

/** The type of the message for an event. */
export function typeOf(event: LogEvent): LogMessage['type'] {
  switch (event.kind) {
    case 'raised':
      return event.alert;
    case 'cleared':
      return 'alert_cleared';
    case 'acknowledged':
      return 'alert_acknowledged';
    default:
      return event.kind;
  }
}

/** The message for a raised or cleared event. The same event gives the same message. */
export function alertMessage(event: AlertEvent, time: ZonedTime): AlertMessage {
  const head = { id: String(event.id), timestamp: time.iso(event.at) };
  if (event.kind === 'cleared') return { type: 'alert_cleared', ...head, data: clearedData(event) };
  return event.alert === 'employee_stress'
    ? { type: event.alert, ...head, data: event.data }
    : { type: event.alert, ...head, data: event.data };
}

/** The message for an acknowledgement. */
export function acknowledgedMessage(event: AcknowledgedEvent, time: ZonedTime): AcknowledgedMessage {
  const { id, at, alert, entityId, raisedId, by, comment = null } = event;
  const who = alert === 'employee_stress' ? { employee_id: entityId } : { department_id: entityId };
  return {
    type: 'alert_acknowledged',
    id: String(id),
    timestamp: time.iso(at),
    data: { alert, ...who, raised_id: String(raisedId), by, comment },
  };
}

/** The message for any event. The same event gives the same message. */
export function logMessage(event: LogEvent, time: ZonedTime): LogMessage {
  const head = { id: String(event.id), timestamp: time.iso(event.at) };
  switch (event.kind) {
    case 'raised':
    case 'cleared':
      return alertMessage(event, time);
    case 'acknowledged':
      return acknowledgedMessage(event, time);
    case 'silence_set':
      return { type: 'silence_set', ...head, data: silenceData(event, time) };
    case 'silence_ended':
      return { type: 'silence_ended', ...head, data: { silence_id: event.silenceId, by: event.by } };
  }
}

/** A silence as callers see it. */
export function silenceData(
  { silenceId, matcher, startsAt, endsAt, by, reason }: Silence,
  time: ZonedTime,
): SilenceSetData {
  return {
    silence_id: silenceId,
    matcher: matcherData(matcher),
    starts_at: time.iso(startsAt),
    ends_at: time.iso(endsAt),
    by,
    reason,
  };
}

function matcherData(matcher: SilenceMatcher): SilenceMatcherData {
  return {
    types: matcher.types ?? null,
    departments: matcher.departments ?? null,
    employee_ids: matcher.employeeIds ?? null,
    department_ids: matcher.departmentIds ?? null,
  };
}

/** `data` of an `alert_cleared` message (contract section 7). */
interface ClearedData {
  alert: AlertType;
  employee_id?: string;
  stress_rate?: number | null;
  department_id?: string;
  overall_risk?: string | null;
  raised_id: string;
  reason: ClearReason;
}

/** An alert message without the id and the time that the log assigns. */
export type AlertBody =
  | { readonly type: 'employee_stress'; readonly data: EmployeeStressData }
  | { readonly type: 'department_critical'; readonly data: DepartmentCriticalData }
  | { readonly type: 'alert_cleared'; readonly data: ClearedData };

/** The message body of a decision. */
export function alertBody(decision: AlertDecision): AlertBody {
  if (decision.kind === 'cleared') return { type: 'alert_cleared', data: clearedData(decision) };
  return decision.alert === 'employee_stress'
    ? { type: decision.alert, data: decision.data }
    : { type: decision.alert, data: decision.data };
}

/** `data` of the message for a cleared event. */
function clearedData({ alert, entityId, value, raisedId, reason }: AlertCleared): ClearedData {
  const tail = { raised_id: String(raisedId), reason };
  if (alert === 'employee_stress') {
    return { alert, employee_id: entityId, stress_rate: typeof value === 'number' ? value : null, ...tail };
  }
  return { alert, department_id: entityId, overall_risk: typeof value === 'string' ? value : null, ...tail };
}
