import { describe, expect, it } from '@jest/globals';
import { departmentIdOf, foldDepartmentName } from '../../../src/domain/department-name.js';
import { isCritical, overallRisk } from '../../../src/domain/department.js';
import { RollUp } from '../../../src/domain/roll-up.js';
import { Random } from '../../support/random.js';

describe('RollUp', () => {
  it('is the same in any order', () => {
    const random = new Random(42);
    const employees = Array.from({ length: 500 }, () => ({
      dimensions: { Leadership: random.whole(100, 500) / 100 },
      rates: { stress_rate: random.whole(0, 1000) / 10, engagement_rate: random.whole(0, 1000) / 10 },
    }));
    const [forward, backward] = [new RollUp(), new RollUp()];
    employees.forEach((metrics) => forward.add(metrics));
    employees.toReversed().forEach((metrics) => backward.add(metrics));
    expect(backward.means()).toEqual(forward.means());
  });

  it('means over those who have the value, and counts those who have any', () => {
    const rollUp = new RollUp();
    rollUp.add({ dimensions: {}, rates: { stress_rate: 10 } });
    rollUp.add({ dimensions: { ESG: 3 }, rates: {} });
    rollUp.add({ dimensions: {}, rates: {} });
    expect(rollUp.means()).toEqual({ dimensions: { ESG: 3 }, rates: { stress_rate: 10 } });
    expect(rollUp.respondents).toBe(2);
  });
});

describe('overallRisk', () => {
  const healthy = { engagement_rate: 65, stress_rate: 35, attrition_rate: 35 };

  it.each([
    [healthy, 'healthy'],
    [{ ...healthy, engagement_rate: 64.99 }, 'warning'],
    [{ ...healthy, engagement_rate: 55 }, 'warning'],
    [{ ...healthy, engagement_rate: 54.99 }, 'critical'],
    [{ ...healthy, stress_rate: 35.01 }, 'warning'],
    [{ ...healthy, stress_rate: 50 }, 'warning'],
    [{ ...healthy, stress_rate: 50.01 }, 'critical'],
    [{ ...healthy, attrition_rate: 35.01 }, 'warning'],
    [{ ...healthy, attrition_rate: 50.01 }, 'critical'],
    [{ stress_rate: 60 }, 'critical'],
    [{ engagement_rate: 0 }, 'critical'],
    [{}, undefined],
  ])('of %j is %s', (rates, expected) => {
    expect(overallRisk(rates)).toBe(expected);
  });

  it.each(['critical', 'CRITICAL', ' Critical '])('%j is critical', (risk) => {
    expect(isCritical(risk)).toBe(true);
  });
});

describe('departmentIdOf', () => {
  it.each([
    ['Sales', 'dept-sales'],
    ['  Human   Resources ', 'dept-human-resources'],
    ['R&D', 'dept-r-d'],
    ['Développement', 'dept-developpement'],
    ['人事部', 'dept-人事部'],
    ['!!!', 'dept-unnamed'],
  ])('%j is %s', (name, id) => {
    expect(departmentIdOf(name)).toBe(id);
  });

  it('tells names with one slug apart', () => {
    expect(departmentIdOf('R D', 2)).toBe('dept-r-d-2');
    expect(foldDepartmentName('R&D')).not.toBe(foldDepartmentName('R D'));
    expect(foldDepartmentName(' SALES ')).toBe(foldDepartmentName('sales'));
  });
});
