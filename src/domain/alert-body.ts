import type {
  AlertCleared,
  AlertDecision,
  AlertType,
  ClearReason,
  DepartmentCriticalData,
  EmployeeStressData,
} from './alerts/alert.js';

/** `data` of an `alert_cleared` message (contract section 7). */
export interface ClearedData {
  alert: AlertType;
  employee_id?: string;
  stress_rate?: number | null;
  department_id?: string;
  overall_risk?: string | null;
  raised_id: string;
  reason: ClearReason;
}

/** An alert message without what only the log can give it: its id and its time. */
export type AlertBody =
  | { readonly type: 'employee_stress'; readonly data: EmployeeStressData }
  | { readonly type: 'department_critical'; readonly data: DepartmentCriticalData }
  | { readonly type: 'alert_cleared'; readonly data: ClearedData };

/** The message of a decision. */
export function alertBody(decision: AlertDecision): AlertBody {
  if (decision.kind === 'cleared') return { type: 'alert_cleared', data: clearedData(decision) };
  return decision.alert === 'employee_stress'
    ? { type: decision.alert, data: decision.data }
    : { type: decision.alert, data: decision.data };
}

/** What the message of a clear tells. */
export function clearedData({ alert, entityId, value, raisedId, reason }: AlertCleared): ClearedData {
  const tail = { raised_id: String(raisedId), reason };
  if (alert === 'employee_stress') {
    return { alert, employee_id: entityId, stress_rate: typeof value === 'number' ? value : null, ...tail };
  }
  return { alert, department_id: entityId, overall_risk: typeof value === 'string' ? value : null, ...tail };
}
