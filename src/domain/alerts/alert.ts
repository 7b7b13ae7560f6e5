/** The types of alerts. They are the wire names too. */
export const ALERT_TYPES = ['employee_stress', 'department_critical'] as const;
export type AlertType = (typeof ALERT_TYPES)[number];

export const CLEAR_REASONS = ['recovered', 'deleted', 'reset', 'rule_changed'] as const;
export type ClearReason = (typeof CLEAR_REASONS)[number];

/** `data` of an `employee_stress` message (contract section 7). `null`: unknown. Rates are 0–100. */
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

/** The common part of decisions. `at` is milliseconds since 1970; `department` is the name by which access is decided. */
interface Decided {
  readonly at: number;
  readonly entityId: string;
  readonly department: string;
}

export interface StressRaised extends Decided {
  readonly kind: 'raised';
  readonly alert: 'employee_stress';
  /** The threshold of the rule when the alert was raised, 0–100. */
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
  /** The stress rate or overall risk that cleared the alert. Absent if the entity is deleted or has no value. */
  readonly value?: number | string;
}

export type AlertDecision = StressRaised | DepartmentRaised | AlertCleared;

/** A decision in the log. Ids only grow and are the same for every reader. */
export type AlertEvent = AlertDecision & { readonly id: number };
export type RaisedEvent = (StressRaised | DepartmentRaised) & { readonly id: number };
export type ClearedEvent = AlertCleared & { readonly id: number };

/** The key of an alert, unique among the alerts that can be active at the same time. */
export function alertKey({ alert, entityId }: { alert: AlertType; entityId: string }): string {
  return `${alert}/${entityId}`;
}

export const SEVERITIES = ['warning', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

const SEVERITY_OF: Readonly<Record<AlertType, Severity>> = {
  employee_stress: 'warning',
  department_critical: 'critical',
};

/** The severity of an alert. It depends only on the type, so that a clear takes the same route as its raise. */
export function severityOf({ alert }: { readonly alert: AlertType }): Severity {
  return SEVERITY_OF[alert];
}
