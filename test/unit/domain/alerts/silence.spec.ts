import { describe, expect, it } from '@jest/globals';
import {
  coversNothing,
  isSilenced,
  nextSilenceChange,
  type SilenceMatcher,
} from '../../../../src/domain/alerts/silence.js';
import { silenceSet } from '../../../support/app/log-decisions.js';

const stress = { alert: 'employee_stress', entityId: 'E1', department: 'Sales' } as const;
const critical = { alert: 'department_critical', entityId: 'dept-sales', department: 'Sales' } as const;
const silence = (startsAt: number, endsAt: number, matcher: SilenceMatcher = {}) =>
  silenceSet('A', 0, { startsAt, endsAt, matcher });
const covers = (matcher: SilenceMatcher) =>
  [stress, critical].map((event) => isSilenced(event, [silence(0, 10, matcher)], 5));

describe('a silence', () => {
  it.each([
    [9, false],
    [10, true],
    [19, true],
    [20, false],
  ])('from 10 to 20, at %d: %s', (now, expected) => {
    expect(isSilenced(stress, [silence(10, 20)], now)).toBe(expected);
  });

  it('is one of many, and none is enough for nothing', () => {
    expect(isSilenced(stress, [], 5)).toBe(false);
    expect(isSilenced(stress, [silence(0, 5), silence(5, 6), silence(6, 9)], 5)).toBe(true);
    expect(isSilenced(stress, [silence(0, 5), silence(6, 9)], 5)).toBe(false);
  });

  it.each<[SilenceMatcher, boolean, boolean]>([
    [{}, true, true],
    [{ types: ['employee_stress'] }, true, false],
    [{ types: ['department_critical', 'employee_stress'] }, true, true],
    [{ departments: ['Legal', ' sALES '] }, true, true],
    [{ departments: ['Sale'] }, false, false],
    [{ employeeIds: ['E0', 'E1'] }, true, false],
    [{ employeeIds: ['e1'] }, false, false],
    [{ employeeIds: ['dept-sales'] }, false, false],
    [{ departmentIds: ['dept-sales'] }, false, true],
    [{ departmentIds: ['E1'] }, false, false],
    [{ employeeIds: ['E1'], departmentIds: ['dept-sales'] }, false, false],
    [{ employeeIds: ['E1'], departments: ['sales'], types: ['employee_stress'] }, true, false],
    [{ employeeIds: ['E1'], departments: ['legal'] }, false, false],
    [{ types: [] }, false, false],
  ])('for %j covers the employee: %s, the department: %s', (matcher, employee, department) => {
    expect(covers(matcher)).toEqual([employee, department]);
  });
});

describe('a matcher', () => {
  it.each<[SilenceMatcher, boolean]>([
    [{}, false],
    [{ types: ['employee_stress'], departments: ['Sales'] }, false],
    [{ employeeIds: ['E1'] }, false],
    [{ employeeIds: ['E1'], types: ['department_critical', 'employee_stress'] }, false],
    [{ employeeIds: ['E1'], types: ['department_critical'] }, true],
    [{ departmentIds: ['D1'] }, false],
    [{ departmentIds: ['D1'], types: ['department_critical'] }, false],
    [{ departmentIds: ['D1'], types: ['employee_stress'] }, true],
    [{ employeeIds: ['E1'], departmentIds: ['D1'] }, true],
  ])('such as %j covers nothing: %s', (matcher, expected) => {
    expect(coversNothing(matcher)).toBe(expected);
  });
});

describe('the next change', () => {
  it.each([
    [4, 5],
    [5, 7],
    [7, 10],
    [10, 20],
    [20, undefined],
  ])('after %d is at %s', (now, next) => {
    expect(nextSilenceChange([silence(10, 20), silence(5, 7)], now)).toBe(next);
  });

  it('of no silence never comes', () => {
    expect(nextSilenceChange([], 0)).toBeUndefined();
  });
});
