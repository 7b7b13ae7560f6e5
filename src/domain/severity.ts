import type { AlertType } from './alerts/alert.js';

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
