import { describe, expect, it } from '@jest/globals';
import {
  applyRoster,
  applySurvey,
  compareRecency,
  type Employee,
  type SurveyUpdate,
} from '../../../../src/domain/people/employee.js';

const NOW = '2026-01-01T00:00:00.000Z';

function existing(employee: Employee | undefined): Employee {
  if (!employee) throw new Error('There must be a change');
  return employee;
}

function update(changes: Partial<SurveyUpdate> = {}): SurveyUpdate {
  return {
    employeeId: 'E1',
    submissionDate: '2025-03-01',
    order: 'b#000000001',
    metrics: { dimensions: {}, rates: { stress_rate: 50 } },
    attributes: { division: 'Sales' },
    ...changes,
  };
}

const stored = existing(applySurvey(undefined, update(), NOW));

describe('compareRecency', () => {
  it('orders by date, then upload, then row, and finds nothing newer than itself', () => {
    const newestLast = [
      { date: '2024-12-31', order: 'z#000000009' },
      { date: '2025-03-01', order: '' },
      { date: '2025-03-01', order: 'a#000000010' },
      { date: '2025-03-01', order: 'b#000000002' },
      { date: '2025-03-01', order: 'b#000000010' },
      { date: '2025-03-01T00:00:00.000Z', order: 'a#000000001' },
      { date: '2025-03-02', order: 'a#000000001' },
    ];
    expect(newestLast.toReversed().sort(compareRecency)).toEqual(newestLast);
    for (const one of newestLast) expect(compareRecency(one, { ...one })).toBe(0);
  });
});

describe('applySurvey', () => {
  it('creates an employee with what the survey says', () => {
    expect(stored).toEqual({
      employeeId: 'E1',
      attributes: { division: 'Sales' },
      metrics: { dimensions: {}, rates: { stress_rate: 50 } },
      lastSubmissionDate: '2025-03-01',
      metricsOrder: 'b#000000001',
      metricsUpdatedAt: NOW,
    });
  });

  it.each([
    ['a newer date', { submissionDate: '2025-03-02', order: 'a#000000001' }, true],
    ['an older date', { submissionDate: '2025-02-28', order: 'c#000000001' }, false],
    ['the same date, a later upload', { order: 'c#000000001' }, true],
    ['the same date, an earlier upload', { order: 'a#000000009' }, false],
    ['the same date and upload, a later row', { order: 'b#000000002' }, true],
    ['the very same row again', {}, false],
    ['the same day with a time', { submissionDate: '2025-03-01T08:00:00.000Z', order: 'a#000000001' }, true],
  ])('with %s: %j changes %s', (_, changes, applies) => {
    expect(applySurvey(stored, update(changes), NOW) !== undefined).toBe(applies);
  });

  it('lets a roster keep the last word about a person', () => {
    const known = existing(applyRoster(stored, 'E1', { name: 'Ada', division: 'Legal' }, NOW));
    const after = applySurvey(
      known,
      update({
        submissionDate: '2025-09-01',
        attributes: { division: 'Sales', name: 'A. B.', location: 'Rome' },
      }),
      NOW,
    );
    expect(after?.attributes).toEqual({ name: 'Ada', division: 'Legal', location: 'Rome' });
  });

  it('follows the newest survey where no roster has spoken', () => {
    const after = applySurvey(
      stored,
      update({ submissionDate: '2025-09-01', attributes: { division: 'Legal' } }),
      NOW,
    );
    expect(after?.attributes.division).toBe('Legal');
  });
});

describe('applyRoster', () => {
  it('keeps metrics and the attributes that it does not name', () => {
    const after = applyRoster(stored, 'E1', { name: 'Ada' }, NOW);
    expect(after).toMatchObject({
      attributes: { division: 'Sales', name: 'Ada' },
      metrics: stored.metrics,
      lastSubmissionDate: '2025-03-01',
    });
  });

  it('then follows a survey in the metrics only', () => {
    const known = existing(applyRoster(stored, 'E1', { division: 'Legal' }, NOW));
    const later = { ...update({ submissionDate: '2026-01-01' }), metrics: { dimensions: {}, rates: {} } };
    const after = applySurvey(known, later, NOW);
    expect([after?.attributes.division, after?.metrics.rates]).toEqual(['Legal', {}]);
  });

  it('creates an employee without metrics', () => {
    expect(applyRoster(undefined, 'E2', { name: 'Ada' }, NOW)).toEqual({
      employeeId: 'E2',
      attributes: { name: 'Ada' },
      metrics: { dimensions: {}, rates: {} },
      rosterUpdatedAt: NOW,
    });
  });

  it('changes nothing the second time', () => {
    const once = existing(applyRoster(undefined, 'E1', { name: 'Ada' }, NOW));
    expect(applyRoster(once, 'E1', { name: 'Ada' }, NOW)).toBeUndefined();
  });
});
