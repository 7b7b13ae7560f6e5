import type { AlertType, ClearedEvent, RaisedEvent } from '../../../src/domain/alerts/alert.js';
import type {
  Digest,
  Notification,
  NotifiableEvent,
} from '../../../src/domain/notifications/notification.js';

/** 22 November 2026, 13:12 UTC. */
export const NOTIFIED_AT = Date.UTC(2026, 10, 22, 13, 12, 0, 123);

export const STRESS_RAISED: RaisedEvent = {
  id: 184,
  kind: 'raised',
  alert: 'employee_stress',
  at: NOTIFIED_AT,
  entityId: 'E0042',
  department: 'Sales',
  threshold: 40,
  data: {
    employee_id: 'E0042',
    employee_name: 'Mai Trần',
    department: 'Sales',
    position: 'Account Manager',
    stress_rate: 68.8,
    engagement_rate: 31.2,
    attrition_rate: null,
  },
};

export const DEPARTMENT_RAISED: RaisedEvent = {
  id: 185,
  kind: 'raised',
  alert: 'department_critical',
  at: NOTIFIED_AT,
  entityId: 'dept-sales',
  department: 'Sales',
  data: {
    department_id: 'dept-sales',
    department_name: 'Sales',
    overall_risk: 'critical',
    engagement_score: 41.25,
  },
};

export const STRESS_CLEARED: ClearedEvent = {
  id: 190,
  kind: 'cleared',
  alert: 'employee_stress',
  at: NOTIFIED_AT + 1_000,
  entityId: 'E0042',
  department: 'Sales',
  raisedId: 184,
  reason: 'recovered',
  value: 33.3,
};

export const DEPARTMENT_CLEARED: ClearedEvent = {
  id: 191,
  kind: 'cleared',
  alert: 'department_critical',
  at: NOTIFIED_AT + 1_000,
  entityId: 'dept-sales',
  department: 'Sales',
  raisedId: 185,
  reason: 'reset',
};

/** A notification of these events, as the pipeline would make it. */
export function notificationOf(
  events: readonly NotifiableEvent[],
  changes: Partial<Notification> = {},
): Notification {
  return {
    id: 'automation.184',
    kind: 'alerts',
    at: Math.max(NOTIFIED_AT, ...events.map(({ at }) => at)),
    digest: digestOf(events),
    events,
    isGroup: events.length !== 1,
    ...changes,
  };
}

function digestOf(events: readonly NotifiableEvent[]): Digest {
  const count = (kind: NotifiableEvent['kind'], alert: AlertType) =>
    events.filter((event) => event.kind === kind && event.alert === alert).length;
  const counts = (kind: NotifiableEvent['kind']) => ({
    employee_stress: count(kind, 'employee_stress'),
    department_critical: count(kind, 'department_critical'),
  });
  return { raised: counts('raised'), cleared: counts('cleared'), departments: [], moreDepartments: 0 };
}
