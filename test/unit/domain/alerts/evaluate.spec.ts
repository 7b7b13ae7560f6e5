import { describe, expect, it } from '@jest/globals';
import type { AlertEvent, RaisedEvent } from '../../../../src/domain/alerts/alert.js';
import type { Employee } from '../../../../src/domain/people/employee.js';
import { clearing, evaluateDepartment, evaluateEmployee } from '../../../../src/domain/alerts/evaluate.js';
import { AlertState } from '../../../../src/domain/alerts/alert-state.js';
import { builtInRules } from '../../../../src/domain/alerts/rules.js';

const NOW = 1_700_000_000_000;
const { employee_stress: rule, department_critical: departmentRule } = builtInRules(40);

function employee(stress?: number): Employee {
  return {
    employeeId: 'E1',
    attributes: { division: 'Sales' },
    metrics: { dimensions: {}, rates: stress === undefined ? {} : { stress_rate: stress } },
  };
}

function firing(threshold = 40): RaisedEvent {
  const verdict = evaluateEmployee({ ...rule, threshold }, employee(99), undefined, NOW);
  if (verdict.change !== 'raise') throw new Error('99 must raise');
  return { ...verdict.event, id: 7 };
}

describe('evaluateEmployee', () => {
  it('raises above the threshold, with what is known and "Unknown" for what is not', () => {
    expect(evaluateEmployee(rule, employee(40.1), undefined, NOW)).toEqual({
      change: 'raise',
      event: {
        kind: 'raised',
        alert: 'employee_stress',
        entityId: 'E1',
        department: 'Sales',
        at: NOW,
        threshold: 40,
        data: {
          employee_id: 'E1',
          employee_name: 'Unknown',
          department: 'Sales',
          position: 'Unknown',
          stress_rate: 40.1,
          engagement_rate: null,
          attrition_rate: null,
        },
      },
    });
  });

  it.each([
    ['at the threshold', employee(40), undefined, 'still_quiet'],
    ['while it fires', employee(41), firing(), 'still_firing'],
    ['without a rate, quiet', employee(), undefined, 'not_measured'],
    ['without a rate, firing', employee(), firing(), 'not_measured'],
    ['unknown and quiet', undefined, undefined, 'absent'],
    ['at a rate of 0', employee(0), undefined, 'still_quiet'],
  ])('changes nothing %s', (_, subject, active, because) => {
    expect(evaluateEmployee(rule, subject, active, NOW)).toEqual({ change: 'none', because });
  });

  it.each([
    ['recovered', rule, employee(40), firing()],
    ['deleted', rule, undefined, firing()],
    ['rule_changed', { ...rule, threshold: 60, clearAt: 60 }, employee(50), firing()],
    ['recovered', { ...rule, threshold: 60, clearAt: 60 }, employee(30), firing()],
    ['rule_changed', { ...rule, enabled: false }, employee(90), firing()],
  ])('clears with the reason %s', (reason, inForce, subject, active) => {
    expect(evaluateEmployee(inForce, subject, active, NOW)).toMatchObject({
      change: 'clear',
      event: { kind: 'cleared', raisedId: 7, reason },
    });
  });

  it('does not look at anybody while it is disabled', () => {
    const off = { ...rule, enabled: false };
    for (const subject of [employee(99), employee(), undefined])
      expect(evaluateEmployee(off, subject, undefined, NOW)).toEqual({ change: 'none', because: 'disabled' });
  });

  it('neither fires nor clears between clear_at and the threshold', () => {
    const band = { ...rule, threshold: 50, clearAt: 30 };
    expect(evaluateEmployee(band, employee(40), undefined, NOW)).toEqual({
      change: 'none',
      because: 'still_quiet',
    });
    expect(evaluateEmployee(band, employee(40), firing(50), NOW)).toEqual({
      change: 'none',
      because: 'still_firing',
    });
    expect(evaluateEmployee(band, employee(30), firing(50), NOW)).toMatchObject({ change: 'clear' });
  });

  it('takes a threshold of 0 for what it is', () => {
    const zero = { ...rule, threshold: 0, clearAt: 0 };
    expect(evaluateEmployee(zero, employee(0), undefined, NOW)).toMatchObject({ change: 'none' });
    expect(evaluateEmployee(zero, employee(0.1), undefined, NOW)).toMatchObject({ change: 'raise' });
  });
});

describe('evaluateDepartment', () => {
  const sales = {
    departmentId: 'D1',
    departmentName: 'Sales',
    metrics: { dimensions: {}, rates: { engagement_rate: 50 } },
  };

  it('raises on critical in any letter case and reports the score', () => {
    const verdict = evaluateDepartment(
      departmentRule,
      { ...sales, overallRisk: 'Critical', engagementScore: 49 },
      undefined,
      NOW,
    );
    expect(verdict).toMatchObject({
      change: 'raise',
      event: {
        data: {
          department_id: 'D1',
          department_name: 'Sales',
          overall_risk: 'critical',
          engagement_score: 49,
        },
      },
    });
  });

  function critical(): RaisedEvent {
    const raised = evaluateDepartment(departmentRule, { ...sales, overallRisk: 'critical' }, undefined, NOW);
    if (raised.change !== 'raise') throw new Error('critical must raise');
    return { ...raised.event, id: 9 };
  }

  it.each([
    ['still_firing', departmentRule, { ...sales, overallRisk: 'CRITICAL' }, critical()],
    ['still_quiet', departmentRule, { ...sales, overallRisk: 'healthy' }, undefined],
    ['not_measured', departmentRule, sales, undefined],
    ['absent', departmentRule, undefined, undefined],
    ['disabled', { ...departmentRule, enabled: false }, { ...sales, overallRisk: 'critical' }, undefined],
  ])('changes nothing when %s', (because, inForce, subject, active) => {
    expect(evaluateDepartment(inForce, subject, active, NOW)).toEqual({ change: 'none', because });
  });

  it.each([
    ['deleted', departmentRule, undefined],
    ['rule_changed', { ...departmentRule, enabled: false }, { ...sales, overallRisk: 'critical' }],
    ['recovered', departmentRule, { ...sales, overallRisk: 'who knows' }],
  ])('clears when %s', (reason, inForce, subject) => {
    expect(evaluateDepartment(inForce, subject, critical(), NOW)).toMatchObject({
      change: 'clear',
      event: { alert: 'department_critical', entityId: 'D1', department: 'Sales', raisedId: 9, reason },
    });
  });

  it('reports no score where nobody knows one, and 0 where it is 0', () => {
    const scoreOf = (department: typeof sales & { overallRisk: string; engagementScore?: number }) => {
      const verdict = evaluateDepartment(departmentRule, department, undefined, NOW);
      return verdict.change === 'raise' && verdict.event.data.engagement_score;
    };
    expect(scoreOf({ ...sales, overallRisk: 'critical', engagementScore: 0 })).toBe(0);
    expect(scoreOf({ ...sales, overallRisk: 'critical' })).toBe(50);
  });

  it('does nothing about a department without a risk, and clears on any other word', () => {
    const raised = evaluateDepartment(departmentRule, { ...sales, overallRisk: 'critical' }, undefined, NOW);
    if (raised.change !== 'raise') throw new Error('critical must raise');
    const active = { ...raised.event, id: 9 };
    expect(evaluateDepartment(departmentRule, sales, active, NOW)).toEqual({
      change: 'none',
      because: 'not_measured',
    });
    expect(
      evaluateDepartment(departmentRule, { ...sales, overallRisk: 'warning' }, active, NOW),
    ).toMatchObject({
      change: 'clear',
      event: { reason: 'recovered', value: 'warning', raisedId: 9 },
    });
  });
});

describe('AlertState', () => {
  it('folds raises and clears, and ignores what it has seen', () => {
    const raised = { ...firing(), id: 11 };
    const cleared: AlertEvent = {
      kind: 'cleared',
      alert: 'employee_stress',
      entityId: 'E1',
      department: 'Sales',
      at: NOW,
      id: 12,
      raisedId: 11,
      reason: 'recovered',
    };
    const state = new AlertState(10);
    state.apply(raised);
    expect([state.head, state.size, state.find('employee_stress', 'E1')?.id]).toEqual([11, 1, 11]);
    state.apply(cleared);
    state.apply(raised);
    expect([state.head, state.active()]).toEqual([12, []]);
  });

  it('ends with a clear the raise that it names, and no other of the same entity', () => {
    const raise = (id: number): RaisedEvent => ({ ...firing(), id });
    const clear = (id: number, raisedId: number): AlertEvent => ({
      ...clearing(raise(raisedId), 'deleted', NOW),
      id,
    });
    const state = new AlertState(10);
    for (const event of [raise(11), raise(12), clear(13, 11)]) state.apply(event);
    expect(state.active()).toEqual([raise(12)]);
    state.apply(clear(14, 12));
    expect(state.active()).toEqual([]);
  });
});
