/** What can be wrong. The wire name of each is the same. */
export const ALERT_TYPES = ['employee_stress', 'department_critical'] as const;
export type AlertType = (typeof ALERT_TYPES)[number];

export const CLEAR_REASONS = ['recovered', 'deleted', 'reset', 'rule_changed'] as const;
export type ClearReason = (typeof CLEAR_REASONS)[number];

/** `data` of an `employee_stress` message (contract section 7). `null`: not known. */
export interface EmployeeStressData {
  readonly employee_id: string;
  readonly employee_name: string;
  readonly department: string;
  readonly position: string;
  readonly stress_rate: number;
  readonly engagement_rate: number | null;
  readonly attrition_rate: number | null;
}

/** `data` of a `department_critical` message. */
export interface DepartmentCriticalData {
  readonly department_id: string;
  readonly department_name: string;
  readonly overall_risk: 'critical';
  readonly engagement_score: number | null;
}

/** A decision not yet in the log. `at` is milliseconds since 1970; `department` is the name that scopes it. */
interface Decided {
  readonly at: number;
  readonly entityId: string;
  readonly department: string;
}

export interface StressRaised extends Decided {
  readonly kind: 'raised';
  readonly alert: 'employee_stress';
  /** The bound of the rule when it fired. */
  readonly threshold: number;
  readonly data: EmployeeStressData;
}

export interface DepartmentRaised extends Decided {
  readonly kind: 'raised';
  readonly alert: 'department_critical';
  readonly data: DepartmentCriticalData;
}

export interface AlertCleared extends Decided {
  readonly kind: 'cleared';
  readonly alert: AlertType;
  readonly raisedId: number;
  readonly reason: ClearReason;
  /** The stress rate or the overall risk that cleared it; absent where the entity is gone or nothing was measured. */
  readonly value?: number | string;
}

export type AlertDecision = StressRaised | DepartmentRaised | AlertCleared;

/** A decision in the log. Ids only grow, and are the same for everyone. */
export type AlertEvent = AlertDecision & { readonly id: number };
export type RaisedEvent = (StressRaised | DepartmentRaised) & { readonly id: number };
export type ClearedEvent = AlertCleared & { readonly id: number };

/** Names one alert among those that can be active at once. */
export function alertKey({ alert, entityId }: { alert: AlertType; entityId: string }): string {
  return `${alert}/${entityId}`;
}

export const SEVERITIES = ['warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

const SEVERITY_OF: Readonly<Record<AlertType, Severity>> = {
  employee_stress: 'warning',
  department_critical: 'critical',
};

/** How bad an alert is. It depends on the type alone, so that a clear takes the same way as its raise. */
export function severityOf({ alert }: { readonly alert: AlertType }): Severity {
  return SEVERITY_OF[alert];
}
