import type { ClearedEvent, RaisedEvent } from '../../../src/domain/alerts/alert.js';
import type { Notification, NotifiableEvent } from '../../../src/domain/notifications/notification.js';

export const AT = Date.UTC(2026, 10, 22, 20, 12);

export function stress(id: number, department = 'Sales', name = 'Ada Byron'): RaisedEvent {
  const data = { employee_id: `E${id}`, employee_name: name, department, position: 'Rep' };
  return {
    ...{
      kind: 'raised',
      alert: 'employee_stress',
      id,
      entityId: `E${id}`,
      department,
      at: AT,
      threshold: 40,
    },
    data: { ...data, stress_rate: 68.8, engagement_rate: 25, attrition_rate: null },
  } as const;
}

export function critical(id: number, department = 'Sales'): RaisedEvent {
  const data = { department_id: `D-${department}`, department_name: department, overall_risk: 'critical' };
  return {
    ...{ kind: 'raised', alert: 'department_critical', id, entityId: `D-${department}`, department, at: AT },
    data: { ...data, engagement_score: 48.25 },
  } as const as RaisedEvent;
}

export function clearOf({ alert, id, entityId, department }: RaisedEvent): ClearedEvent {
  return {
    kind: 'cleared',
    alert,
    id: id + 1,
    entityId,
    department,
    at: AT,
    raisedId: id,
    reason: 'recovered',
  };
}

/** A message about these events, counted as they are. */
export function notificationOf(
  events: readonly NotifiableEvent[],
  differing: Partial<Notification> = {},
): Notification {
  const count = (kind: NotifiableEvent['kind'], alert?: NotifiableEvent['alert'], department?: string) =>
    events.filter(
      (event) =>
        event.kind === kind &&
        (alert === undefined || event.alert === alert) &&
        (department === undefined || event.department === department),
    ).length;
  const types = (kind: NotifiableEvent['kind']) => ({
    employee_stress: count(kind, 'employee_stress'),
    department_critical: count(kind, 'department_critical'),
  });
  return {
    id: 'n-1',
    kind: 'alerts',
    at: AT,
    digest: {
      raised: types('raised'),
      cleared: types('cleared'),
      departments: [...new Set(events.map(({ department }) => department))].map((department) => ({
        department,
        raised: count('raised', undefined, department),
        cleared: count('cleared', undefined, department),
      })),
      moreDepartments: 0,
    },
    events: events.slice(0, 10),
    isGroup: events.length !== 1,
    ...differing,
  };
}
