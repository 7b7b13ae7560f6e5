import type { LogRecord } from '../../src/storage/alert-log.store.js';

/** A record of `count` departments that turned critical. */
export function raisedRecord(first: number, count: number): LogRecord {
  return {
    first,
    events: Array.from({ length: count }, (_, n) => ({
      kind: 'raised' as const,
      alert: 'department_critical' as const,
      entityId: `D${first + n}`,
      department: 'Sales',
      at: 1_700_000_000_000 + first + n,
      id: first + n,
      data: {
        department_id: `D${first + n}`,
        department_name: 'Sales',
        overall_risk: 'critical' as const,
        engagement_score: null,
      },
    })),
  };
}
