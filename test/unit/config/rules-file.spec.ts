import { describe, expect, it } from '@jest/globals';
import { FileError } from '../../../src/config/file-schema.js';
import { parseRules } from '../../../src/config/rules-file.js';
import { builtInRules } from '../../../src/domain/alerts/rules.js';

function problemsOf(json: unknown): readonly string[] {
  try {
    parseRules(json, builtInRules(40));
  } catch (error) {
    if (error instanceof FileError) return error.problems;
    throw error;
  }
  return [];
}

describe('parseRules', () => {
  it('changes what it names and keeps the rest', () => {
    const rules = parseRules(
      { employee_stress: { threshold: 60, clear_at: 50 }, department_critical: { enabled: false } },
      builtInRules(40),
    );
    expect(rules.employee_stress).toEqual({
      alert: 'employee_stress',
      enabled: true,
      threshold: 60,
      clearAt: 50,
    });
    expect(rules.department_critical.enabled).toBe(false);
  });

  it.each([
    [{ nope: {} }, 'there is no rule nope'],
    [{ constructor: {} }, 'there is no rule constructor'],
    [[], 'must be a JSON object'],
    [{ employee_stress: { threshold: '40' } }, 'from 0 to 100'],
    [{ employee_stress: 40 }, 'must be an object'],
    [{ employee_stress: { treshold: 1 } }, 'no setting treshold'],
    [{ employee_stress: { threshold: 101 } }, 'from 0 to 100'],
    [{ employee_stress: { threshold: 30, clear_at: 31 } }, 'must not be above'],
    [{ department_critical: { enabled: 'yes' } }, 'true or false'],
  ])('refuses %j', (json, message) => {
    expect(() => parseRules(json, builtInRules(40))).toThrow(message);
  });

  it('lists everything that is wrong, by its place', () => {
    expect(
      problemsOf({
        nope: 1,
        employee_stress: { threshold: 'hunter2', enabled: 1, treshold: 1 },
        department_critical: { enabled: 'hunter2' },
      }),
    ).toEqual([
      'employee_stress.enabled must be true or false',
      'employee_stress.threshold must be a number from 0 to 100',
      'employee_stress has no setting treshold',
      'department_critical.enabled must be true or false',
      'there is no rule nope',
    ]);
  });

  it('takes a section that is empty', () => {
    expect(parseRules({ employee_stress: null }, builtInRules(40))).toEqual(builtInRules(40));
    expect(parseRules({}, builtInRules(40, 5))).toEqual(builtInRules(40, 5));
  });
});
