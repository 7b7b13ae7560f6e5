/** `stress_rate` above `threshold` raises; at or below `clearAt` (≤ threshold) it clears; between, nothing changes. */
export interface StressRule {
  readonly alert: 'employee_stress';
  readonly enabled: boolean;
  readonly threshold: number;
  readonly clearAt: number;
}

/** `overall_risk` equal to `critical`, in any letter case, raises; any other word clears. */
export interface DepartmentRule {
  readonly alert: 'department_critical';
  readonly enabled: boolean;
  /** Departments with fewer respondents raise nothing; 1: none is too small. */
  readonly minGroupSize: number;
}

export interface Rules {
  readonly employee_stress: StressRule;
  readonly department_critical: DepartmentRule;
}

/** The two built-in rules. */
export function builtInRules(stressThreshold: number, minGroupSize = 1): Rules {
  return {
    employee_stress: {
      alert: 'employee_stress',
      enabled: true,
      threshold: stressThreshold,
      clearAt: stressThreshold,
    },
    department_critical: { alert: 'department_critical', enabled: true, minGroupSize },
  };
}
