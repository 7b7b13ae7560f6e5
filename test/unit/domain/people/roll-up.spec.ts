import { describe, expect, it } from '@jest/globals';
import {
  departmentIdOf,
  foldDepartmentName,
  isCritical,
  overallRisk,
} from '../../../../src/domain/people/department.js';
import { RollUp } from '../../../../src/domain/people/roll-up.js';
import { Random } from '../../../support/generators/random.js';

const SEED = 42;

describe('RollUp', () => {
  it(`is the same in any order, and exact (seed ${SEED})`, () => {
    const random = new Random(SEED);
    const employees = Array.from({ length: 500 }, () => ({
      dimensions: { Leadership: random.whole(100, 500) / 100 },
      rates: { stress_rate: random.whole(0, 1000) / 10, engagement_rate: random.whole(0, 1000) / 10 },
    }));
    const [forward, backward, shuffled] = [new RollUp(), new RollUp(), new RollUp()];
    employees.forEach((metrics) => forward.add(metrics));
    employees.toReversed().forEach((metrics) => backward.add(metrics));
    employees
      .map((metrics) => ({ metrics, place: random.next() }))
      .sort((a, b) => a.place - b.place)
      .forEach(({ metrics }) => shuffled.add(metrics));
    expect(backward.means()).toEqual(forward.means());
    expect(shuffled.means()).toEqual(forward.means());
    const tenths = employees.reduce((sum, { rates }) => sum + Math.round(rates.stress_rate * 10), 0);
    // 500 values: the mean in hundredths is tenths / 50, so twice the distance never exceeds 50.
    const hundredths = Math.round((forward.means().rates.stress_rate ?? NaN) * 100);
    expect(Math.abs(2 * (tenths - 50 * hundredths))).toBeLessThanOrEqual(50);
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

describe('the sums of a RollUp', () => {
  it(`are what is left when others are taken away, in any order (seed ${SEED})`, () => {
    const random = new Random(SEED);
    const anybody = () => ({
      dimensions: random.next() < 0.7 ? { ESG: random.whole(100, 500) / 100 } : {},
      rates: random.next() < 0.7 ? { stress_rate: random.whole(0, 1000) / 10 } : {},
    });
    const [stay, leave] = [Array.from({ length: 50 }, anybody), Array.from({ length: 70 }, anybody)];
    const [expected, joined, gone] = [new RollUp(), new RollUp(), new RollUp()];
    for (const metrics of stay) expected.add(metrics);
    for (const metrics of [...leave, ...stay]) joined.add(metrics);
    for (const metrics of leave.toReversed()) gone.add(metrics, -1);
    expect(gone.employees).toBe(-70);
    joined.merge(RollUp.of(gone.sums));
    expect(joined.sums).toEqual(expected.sums);
    expect(joined.means()).toEqual(expected.means());
  });

  it('know nothing of a score that nobody has any more', () => {
    const rollUp = new RollUp();
    const metrics = { dimensions: { ESG: 3 }, rates: { stress_rate: 0 } };
    rollUp.add(metrics);
    rollUp.add(metrics, -1);
    expect(rollUp.sums).toEqual(new RollUp().sums);
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

  it.each(['', 'Critically', 'warning', 'not critical'])('%j is not critical', (risk) => {
    expect(isCritical(risk)).toBe(false);
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
    ['', 'dept-unnamed'],
    ['İstanbul', 'dept-istanbul'],
    ['हिन्दी', 'dept-हिन्दी'],
    ['Ｓａｌｅｓ', 'dept-sales'],
    ['a/b\\c\u202ed', 'dept-a-b-cd'],
  ])('%j is %s', (name, id) => {
    expect(departmentIdOf(name)).toBe(id);
  });

  it('tells names with one slug apart', () => {
    expect(departmentIdOf('R D', 2)).toBe('dept-r-d-2');
    expect(foldDepartmentName('R&D')).not.toBe(foldDepartmentName('R D'));
    expect(foldDepartmentName(' SALES ')).toBe(foldDepartmentName('sales'));
    expect(foldDepartmentName('Human\u00a0\t Resources')).toBe('human resources');
  });

  it('stays short for a long name', () => {
    expect(departmentIdOf('人'.repeat(256), 12)).toBe(`dept-${'人'.repeat(100)}-12`);
  });
});
