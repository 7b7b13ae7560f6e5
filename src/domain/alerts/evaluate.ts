import type { AlertCleared, ClearReason, DepartmentRaised, RaisedEvent, StressRaised } from './alert.js';
import { isCritical, type Department } from '../people/department.js';
import type { Employee } from '../people/employee.js';
import type { DepartmentRule, StressRule } from './rules.js';
import { visibilityOf } from '../people/small-groups.js';

/** Why an evaluation changes nothing. */
export type NoChange =
  'still_firing' | 'still_quiet' | 'not_measured' | 'absent' | 'disabled' | 'withheld' | 'outdated';

export type Verdict<Raised> =
  | { readonly change: 'raise'; readonly event: Raised }
  | { readonly change: 'clear'; readonly event: AlertCleared }
  | { readonly change: 'none'; readonly because: NoChange };

const UNKNOWN = 'Unknown';

/**
 * Evaluates the stress rule for one employee. `employee` is the current row (undefined: deleted), `active` the firing alert
 * of the fold, `now` milliseconds since 1970. A missing rate neither fires nor clears.
 */
export function evaluateEmployee(
  rule: StressRule,
  employee: Employee | undefined,
  active: RaisedEvent | undefined,
  now: number,
): Verdict<StressRaised> {
  if (!rule.enabled) return active ? clear(active, 'rule_changed', now) : none('disabled');
  if (!employee) return active ? clear(active, 'deleted', now) : none('absent');
  const stress = employee.metrics.rates.stress_rate;
  if (stress === undefined) return none('not_measured');
  if (active) {
    if (stress > rule.clearAt) return none('still_firing');
    const stillBeyondOldRule = active.alert === 'employee_stress' && stress > active.threshold;
    return clear(active, stillBeyondOldRule ? 'rule_changed' : 'recovered', now, stress);
  }
  if (stress <= rule.threshold) return none('still_quiet');
  return { change: 'raise', event: stressRaised(rule, employee, stress, now) };
}

/**
 * Evaluates the department rule for one department, like {@link evaluateEmployee}. A firing alert of a department that is
 * withheld now is cleared as `deleted` and without a value, because any other reason would disclose its state.
 */
export function evaluateDepartment(
  rule: DepartmentRule,
  department: Department | undefined,
  active: RaisedEvent | undefined,
  now: number,
): Verdict<DepartmentRaised> {
  if (!rule.enabled) return active ? clear(active, 'rule_changed', now) : none('disabled');
  if (!department) return active ? clear(active, 'deleted', now) : none('absent');
  const visibility = visibilityOf(department, rule.minGroupSize);
  if (visibility === 'withheld') return active ? clear(active, 'deleted', now) : none(visibility);
  if (visibility === 'outdated') return none(visibility);
  const risk = department.overallRisk;
  if (risk === undefined) return none('not_measured');
  if (isCritical(risk)) {
    return active ? none('still_firing') : { change: 'raise', event: departmentRaised(department, now) };
  }
  return active ? clear(active, 'recovered', now, risk) : none('still_quiet');
}

/** Like {@link evaluateEmployee} after an undo: an alert of an employee that has no rate any more is cleared as `deleted`. */
export function evaluateWithdrawnEmployee(
  rule: StressRule,
  employee: Employee | undefined,
  active: RaisedEvent | undefined,
  now: number,
): Verdict<StressRaised> {
  return unlessUnmeasured(evaluateEmployee(rule, employee, active, now), active, now);
}

/** Like {@link evaluateDepartment} after an undo: an alert of a department without respondents is cleared as `deleted`. */
export function evaluateWithdrawnDepartment(
  rule: DepartmentRule,
  department: Department | undefined,
  active: RaisedEvent | undefined,
  now: number,
): Verdict<DepartmentRaised> {
  return unlessUnmeasured(evaluateDepartment(rule, department, active, now), active, now);
}

function unlessUnmeasured<Raised>(
  verdict: Verdict<Raised>,
  active: RaisedEvent | undefined,
  now: number,
): Verdict<Raised> {
  const isUnmeasured = verdict.change === 'none' && verdict.because === 'not_measured';
  return isUnmeasured && active ? clear(active, 'deleted', now) : verdict;
}

/** The event that clears a firing alert. `now` is milliseconds since 1970. */
export function clearing(
  active: RaisedEvent,
  reason: ClearReason,
  now: number,
  value?: number | string,
): AlertCleared {
  return {
    kind: 'cleared',
    alert: active.alert,
    entityId: active.entityId,
    department: active.department,
    raisedId: active.id,
    at: now,
    reason,
    ...(value === undefined ? {} : { value }),
  };
}

function clear(
  active: RaisedEvent,
  reason: ClearReason,
  now: number,
  value?: number | string,
): { change: 'clear'; event: AlertCleared } {
  return { change: 'clear', event: clearing(active, reason, now, value) };
}

function none(because: NoChange): { change: 'none'; because: NoChange } {
  return { change: 'none', because };
}

function stressRaised(rule: StressRule, employee: Employee, stress: number, now: number): StressRaised {
  const { attributes, metrics } = employee;
  const department = attributes.division ?? UNKNOWN;
  return {
    kind: 'raised',
    alert: 'employee_stress',
    entityId: employee.employeeId,
    department,
    at: now,
    threshold: rule.threshold,
    data: {
      employee_id: employee.employeeId,
      employee_name: attributes.name ?? UNKNOWN,
      department,
      position: attributes.position ?? UNKNOWN,
      stress_rate: stress,
      engagement_rate: metrics.rates.engagement_rate ?? null,
      attrition_rate: metrics.rates.attrition_rate ?? null,
    },
  };
}

function departmentRaised(department: Department, now: number): DepartmentRaised {
  return {
    kind: 'raised',
    alert: 'department_critical',
    entityId: department.departmentId,
    department: department.departmentName,
    at: now,
    data: {
      department_id: department.departmentId,
      department_name: department.departmentName,
      overall_risk: 'critical',
      engagement_score: department.engagementScore ?? department.metrics.rates.engagement_rate ?? null,
    },
  };
}
