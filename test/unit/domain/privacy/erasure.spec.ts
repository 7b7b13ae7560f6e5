import { describe, expect, it } from '@jest/globals';
import type { RaisedEvent } from '../../../../src/domain/alerts/alert.js';
import { ROW_ERRORS, type ImportIssue } from '../../../../src/domain/csv/import-issue.js';
import { responseOrder, type Employee } from '../../../../src/domain/people/employee.js';
import {
  anonymousEmployee,
  anonymousResponse,
  erasedAlerts,
  linesOf,
  reportWithout,
  withoutValues,
} from '../../../../src/domain/privacy/erasure.js';
import { clearing } from '../../../../src/domain/alerts/evaluate.js';
import { EMPTY_REPORT, type UploadReport } from '../../../../src/domain/uploads/upload.js';
import { raisedEvent } from '../../../support/storage/storage-entities.js';

const ERASE = { employeeId: 'E1', mode: 'erase', pseudonym: 'erased-1' } as const;
const ANONYMISE = { employeeId: 'E1', mode: 'anonymise', pseudonym: 'anonymous-1' } as const;

function raised(entityId = 'E1'): RaisedEvent {
  const rates = { stress_rate: 80, engagement_rate: 20, attrition_rate: 70 };
  const who = { employee_name: 'Ada', position: 'Analyst', department: 'Sales' };
  return {
    kind: 'raised',
    alert: 'employee_stress',
    entityId,
    department: 'Sales',
    at: 5,
    threshold: 40,
    data: { employee_id: entityId, ...who, ...rates },
    id: 7,
  };
}
const cleared = (of: RaisedEvent) => ({ ...clearing(of, 'recovered', 9, 30), id: 8 });

describe('the alerts of an erased person', () => {
  it('tell when and where, and neither who nor how much', () => {
    expect(erasedAlerts(ERASE).raised(raised())).toEqual({
      ...raised(),
      entityId: 'erased-1',
      data: {
        employee_id: 'erased-1',
        employee_name: 'Erased',
        department: 'Sales',
        position: 'Erased',
        stress_rate: 0,
        engagement_rate: null,
        attrition_rate: null,
      },
    });
    const { value: _, ...rest } = cleared(raised());
    expect(erasedAlerts(ERASE).cleared(cleared(raised()))).toEqual({ ...rest, entityId: 'erased-1' });
  });

  it('keep their rates when the person is anonymised', () => {
    const { data } = erasedAlerts(ANONYMISE).raised(raised());
    expect(data).toEqual({
      employee_id: 'anonymous-1',
      employee_name: 'Unknown',
      department: 'Sales',
      position: 'Unknown',
      stress_rate: 80,
      engagement_rate: 20,
      attrition_rate: 70,
    });
    const clear = cleared(raised());
    expect(erasedAlerts(ANONYMISE).cleared(clear)).toEqual({ ...clear, entityId: 'anonymous-1' });
  });

  it('are those of the person, and not of a department or a person with another id', () => {
    for (const erasure of [ERASE, ANONYMISE]) {
      const { raised: onRaise, cleared: onClear } = erasedAlerts(erasure);
      for (const event of [raised('E11'), raised('e1'), { ...raisedEvent(1), entityId: 'E1' }]) {
        expect(onRaise(event)).toBe(event);
        const clear = cleared(event);
        expect(onClear(clear)).toBe(clear);
      }
      const again = onRaise(raised());
      expect(onRaise(again)).toBe(again);
    }
  });
});

describe('an anonymous', () => {
  const metrics = { dimensions: { ESG: 3 }, rates: { stress_rate: 80 } };
  const employee: Employee = {
    employeeId: 'E1',
    attributes: { name: 'Ada', division: 'Sales', birthdate: '1815-12-10', location: 'London' },
    metrics,
    lastSubmissionDate: '2025-03-01',
    metricsOrder: responseOrder('u1', 7),
    rosterUpdatedAt: '2025-01-01T00:00:00.000Z',
  };

  it('employee is a department and scores; of somebody without scores there is none', () => {
    expect(anonymousEmployee(employee, 'anonymous-1')).toEqual({
      employeeId: 'anonymous-1',
      attributes: { division: 'Sales' },
      metrics,
      lastSubmissionDate: '2025-03-01',
      metricsOrder: responseOrder('u1', 0),
    });
    expect(anonymousEmployee({ ...employee, metrics: { dimensions: {}, rates: {} } }, 'a')).toBeUndefined();
    expect(anonymousEmployee({ employeeId: 'E1', attributes: {}, metrics }, 'a')).toEqual({
      employeeId: 'a',
      attributes: {},
      metrics,
    });
  });

  it('response has its scores, its department and the upload by which it can be taken back', () => {
    const scores = {
      submissionDate: '2025-03-01',
      department: 'Sales',
      answers: { Q1: 4 },
      metrics,
      uploadId: 'u1',
    };
    const response = { responseId: 'E1:2025-03-01', employeeId: 'E1', location: 'London', row: 7, ...scores };
    expect(anonymousResponse(response, 'anonymous-1', 'new')).toEqual({
      responseId: 'new',
      employeeId: 'anonymous-1',
      ...scores,
    });
  });
});

describe('what a report tells of a person', () => {
  const issue = (line: number, value?: string): ImportIssue => ({
    code: 'invalid_answer',
    message: ROW_ERRORS.invalid_answer,
    line,
    ...(value === undefined ? {} : { value }),
  });
  const errors = [
    issue(2, 'E1'),
    issue(2, '9'),
    issue(3, 'E11'),
    issue(4, ' E1:2025-03-01'),
    issue(5),
    issue(6, 'x'),
  ];

  it('stands in the lines that name the person', () => {
    expect(linesOf('E1', errors)).toEqual([2, 4]);
    expect(linesOf('E', errors)).toEqual([]);
    const long = 'L'.repeat(200);
    expect(linesOf(long, [issue(2, 'L'.repeat(80))])).toEqual([2]);
  });

  it('is gone from all cells of those lines, and from no other', () => {
    expect(withoutValues(errors, new Set([2, 4, 5]))).toEqual([
      issue(2),
      issue(2),
      issue(3, 'E11'),
      issue(4),
      issue(5),
      issue(6, 'x'),
    ]);
    expect(withoutValues(errors, new Set([5, 9]))).toBe(errors);
  });

  it('is gone from the alerts of a preview', () => {
    const { data } = raised();
    if (!('employee_id' in data)) throw new Error('It is about an employee');
    const clear = { alert: 'employee_stress', raised_id: '7', reason: 'recovered' } as const;
    const alerts = [
      { type: 'employee_stress', data },
      { type: 'alert_cleared', data: { ...clear, employee_id: 'E1', stress_rate: 30 } },
      { type: 'alert_cleared', data: { ...clear, employee_id: 'E11', stress_rate: 30 } },
    ] as const;
    const report: UploadReport = {
      ...EMPTY_REPORT,
      errors,
      preview: { alertsRaised: 1, alertsCleared: 2, alerts },
    };
    const none = new Set<number>();
    expect(reportWithout(report, ERASE, none)).toEqual({
      ...report,
      preview: {
        ...report.preview,
        alerts: [
          { type: 'employee_stress', data: erasedAlerts(ERASE).raised(raised()).data },
          { type: 'alert_cleared', data: { ...clear, employee_id: 'erased-1', stress_rate: null } },
          alerts[2],
        ],
      },
    });
    expect(reportWithout(report, ANONYMISE, none).preview?.alerts[1]?.data).toMatchObject({
      stress_rate: 30,
    });
    expect(reportWithout(report, { ...ERASE, employeeId: 'E2' }, none)).toBe(report);
  });
});
