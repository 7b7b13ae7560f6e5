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

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Applies a rules file, parsed from JSON, to the built-in rules:
 * `{"employee_stress": {"enabled", "threshold", "clear_at"}, "department_critical": {"enabled"}}`, all optional.
 * Throws an Error that names the first thing that is wrong.
 */
export function parseRules(json: unknown, base: Rules): Rules {
  if (!isRecord(json)) throw new Error('the rules must be a JSON object');
  const unknown = Object.keys(json).find((name) => !Object.hasOwn(base, name));
  if (unknown !== undefined) throw new Error(`there is no rule ${unknown}`);
  const stress = section(json, 'employee_stress', ['enabled', 'threshold', 'clear_at']);
  const department = section(json, 'department_critical', ['enabled']);
  const threshold = percentage(stress.threshold, 'threshold') ?? base.employee_stress.threshold;
  const clearAt = percentage(stress.clear_at, 'clear_at') ?? threshold;
  if (clearAt > threshold) throw new Error('employee_stress.clear_at must not be above its threshold');
  return {
    employee_stress: { alert: 'employee_stress', enabled: flag(stress.enabled), threshold, clearAt },
    department_critical: { ...base.department_critical, enabled: flag(department.enabled) },
  };
}

function section(
  json: Record<string, unknown>,
  name: string,
  keys: readonly string[],
): Record<string, unknown> {
  const value = json[name] ?? {};
  if (!isRecord(value)) throw new Error(`${name} must be an object`);
  const unknown = Object.keys(value).find((key) => !keys.includes(key));
  if (unknown !== undefined) throw new Error(`${name} has no setting ${unknown}`);
  return value;
}

function percentage(value: unknown, name: string): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && value >= 0 && value <= 100) return value;
  throw new Error(`employee_stress.${name} must be a number from 0 to 100`);
}

function flag(value: unknown): boolean {
  if (value === undefined) return true;
  if (typeof value === 'boolean') return value;
  throw new Error('enabled must be true or false');
}
