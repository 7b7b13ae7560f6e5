import { describe, expect, it } from '@jest/globals';
import { responseOrder, type Employee } from '../../../../src/domain/people/employee.js';
import { isMeasuredBy, remeasured, withRemaining } from '../../../../src/domain/people/rescoring.js';
import type { SurveyResponse } from '../../../../src/domain/surveys/survey-response.js';

const NOW = '2026-01-01T00:00:00.000Z';

function employee(uploadId: string, roster?: string): Employee {
  return {
    employeeId: 'E1',
    attributes: { name: 'Ada', division: 'Sales' },
    metrics: { dimensions: { ESG: 5 }, rates: { stress_rate: 80 } },
    lastSubmissionDate: '2025-06-01',
    metricsOrder: responseOrder(uploadId, 7),
    metricsUpdatedAt: '2025-06-02T00:00:00.000Z',
    ...(roster === undefined ? {} : { rosterUpdatedAt: roster }),
  };
}

const response: SurveyResponse = {
  responseId: 'r1',
  employeeId: 'E1',
  submissionDate: '2025-01-01',
  department: 'Legal',
  answers: {},
  metrics: { dimensions: {}, rates: { stress_rate: 20 } },
  uploadId: 'u1',
  row: 3,
};
const remaining = withRemaining(undefined, response);

describe('an employee without the responses of an upload', () => {
  it('has scores that came from it, and not from one whose id begins alike', () => {
    expect(['u2', 'u1', 'u22'].map((id) => isMeasuredBy(employee(id), 'u2'))).toEqual([true, false, false]);
  });

  it('has the scores of the newest response that remains, and its facts unless a roster spoke', () => {
    const scores = {
      metrics: response.metrics,
      lastSubmissionDate: '2025-01-01',
      metricsOrder: responseOrder('u1', 3),
      metricsUpdatedAt: NOW,
    };
    expect(remeasured(employee('u2'), remaining, NOW)).toEqual({
      employeeId: 'E1',
      attributes: { name: 'Ada', division: 'Legal' },
      ...scores,
    });
    expect(remeasured(employee('u2', NOW), remaining, NOW)).toEqual({
      ...employee('u2', NOW),
      ...scores,
    });
  });

  it('is where the newest response that tells it says, whatever the order they are met in', () => {
    const other = (date: string, facts: Partial<SurveyResponse>): SurveyResponse => {
      const { department: _, ...rest } = response;
      return { ...rest, submissionDate: date, ...facts };
    };
    const responses = [
      other('2025-01-02', { department: 'Legal', location: 'Bern' }),
      other('2025-01-03', { department: 'Sales' }),
      other('2025-01-04', { row: 9 }),
    ];
    for (const inOrder of [responses, responses.toReversed()]) {
      const all = inOrder.reduce<ReturnType<typeof withRemaining> | undefined>(withRemaining, undefined);
      expect(remeasured(employee('u2'), all, NOW)).toMatchObject({
        attributes: { name: 'Ada', division: 'Sales', location: 'Bern' },
        lastSubmissionDate: '2025-01-04',
        metricsOrder: responseOrder('u1', 9),
      });
    }
  });

  it('is in no department that only the upload has told', () => {
    const { department: _, ...silent } = response;
    const after = remeasured(employee('u2'), withRemaining(undefined, silent), NOW);
    expect(after).toMatchObject({ attributes: { name: 'Ada' } });
    expect(after).not.toHaveProperty('attributes.division');
  });

  it('has no scores when none remains, and is gone when no roster knows of it either', () => {
    expect(remeasured(employee('u2', NOW), undefined, NOW)).toEqual({
      employeeId: 'E1',
      attributes: { name: 'Ada', division: 'Sales' },
      metrics: { dimensions: {}, rates: {} },
      metricsUpdatedAt: NOW,
      rosterUpdatedAt: NOW,
    });
    expect(remeasured(employee('u2'), undefined, NOW)).toBe('gone');
  });
});
