import { clearedData, type ClearedData } from './alert-body.js';
import type { AlertEvent, DepartmentCriticalData, EmployeeStressData } from './alert.js';
import type { ZonedTime } from './zoned-time.js';

/** The messages of contract section 7, as they stand in a frame, in REST lists and in webhooks. */
export type AlertMessage =
  | { type: 'employee_stress'; id: string; timestamp: string; data: EmployeeStressData }
  | { type: 'department_critical'; id: string; timestamp: string; data: DepartmentCriticalData }
  | { type: 'alert_cleared'; id: string; timestamp: string; data: ClearedData };

/** The message for an event; the same each time it is asked for. */
export function alertMessage(event: AlertEvent, time: ZonedTime): AlertMessage {
  const head = { id: String(event.id), timestamp: time.iso(event.at) };
  if (event.kind === 'cleared') return { type: 'alert_cleared', ...head, data: clearedData(event) };
  return event.alert === 'employee_stress'
    ? { type: event.alert, ...head, data: event.data }
    : { type: event.alert, ...head, data: event.data };
}
