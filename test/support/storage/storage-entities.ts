import { deadLetterKey, type DeadLetter } from '../../../src/domain/notifications/channel-state.js';
import type { AlertEvent, RaisedEvent } from '../../../src/domain/alerts/alert.js';
import type { Department } from '../../../src/domain/people/department.js';
import type { Employee } from '../../../src/domain/people/employee.js';
import type { LogRecord } from '../../../src/storage/ports/alert-log.store.js';

/** An employee with every field set. */
export function fullEmployee(employeeId: string): Employee {
  return {
    employeeId,
    attributes: { name: 'Ada Lovelace', position: 'Analyst', division: 'Sales', hire_date: '2020-02-29' },
    metrics: {
      dimensions: { Employee_Engagement: 4.5, Leadership: 3.25, ESG: 2 },
      rates: { stress_rate: 31.2, engagement_rate: 87.5, attrition_rate: 0 },
    },
    lastSubmissionDate: '2025-03-01',
    metricsOrder: '018f-0000001',
    metricsUpdatedAt: '2025-03-02T10:00:00.000Z',
    rosterUpdatedAt: '2025-03-01T10:00:00.000Z',
  };
}

/** A department with every field set. */
export function fullDepartment(departmentId: string): Department {
  return {
    departmentId,
    departmentName: 'Sales',
    metrics: { dimensions: { ESG: 3.33 }, rates: { stress_rate: 51, engagement_rate: 54.99 } },
    engagementScore: 54.99,
    respondents: 3,
    withheld: true,
    minGroupSize: 5,
    overallRisk: 'critical',
    metricsUpdatedAt: '2025-03-02T10:00:00.000Z',
    metricsRevision: 4,
  };
}

/** A critical department, as an event of the log. */
export function raisedEvent(id: number, department = 'Sales'): RaisedEvent {
  return {
    kind: 'raised',
    alert: 'department_critical',
    entityId: `D${id}`,
    department,
    at: 1_700_000_000_000 + id,
    id,
    data: {
      department_id: `D${id}`,
      department_name: department,
      overall_risk: 'critical',
      engagement_score: null,
    },
  };
}

/** A record of `count` events. */
export function logRecord(first: number, count = 1, department?: string): LogRecord {
  const events = Array.from({ length: count }, (_, n): AlertEvent => raisedEvent(first + n, department));
  return { first, events };
}

/** A message for a receiver, about the event `first`, that could not be delivered. */
export function deadLetter(receiver: string, first: number): DeadLetter {
  return {
    key: deadLetterKey(first, `${receiver}.${first}`),
    id: `${receiver}.${first}`,
    lane: '[]',
    kind: 'alerts',
    ids: first.toString(36),
    isGroup: false,
    firstAt: 1,
    endpoint: receiver,
    receiver,
    buriedAt: 2,
    reason: 'HTTP 400',
  };
}
