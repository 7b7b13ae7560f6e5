import { describe, expect, it } from '@jest/globals';
import { packRecords } from '../../../../src/alerting/log/alert-log.js';
import type { AlertDecision } from '../../../../src/domain/alerts/alert.js';
import { MAX_RECORD_BYTES } from '../../../../src/storage/ports/alert-log.store.js';

function decision(department: string): AlertDecision {
  return {
    kind: 'cleared',
    alert: 'department_critical',
    entityId: 'D1',
    department,
    at: 1,
    raisedId: 1,
    reason: 'recovered',
  };
}

describe('packRecords', () => {
  it('numbers decisions without gaps and keeps records below the limit', () => {
    const decisions = Array.from({ length: 5_000 }, (_, index) => decision('€'.repeat(index % 100)));
    const records = packRecords(decisions, 101);
    const events = records.flatMap((record) => record.events);
    expect(events.map(({ id }) => id)).toEqual(decisions.map((_, index) => 101 + index));
    expect(records.length).toBeGreaterThan(1);
    for (const record of records) {
      expect(record.first).toBe(record.events[0]?.id);
      expect(Buffer.byteLength(JSON.stringify(record.events))).toBeLessThanOrEqual(MAX_RECORD_BYTES);
    }
  });

  it('packs nothing into nothing', () => {
    expect(packRecords([], 1)).toEqual([]);
  });
});
