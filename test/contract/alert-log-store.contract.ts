import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AlertEvent, RaisedEvent } from '../../src/domain/alert.js';
import { lastIdOf, type AlertLogStore, type LogRecord } from '../../src/storage/alert-log.store.js';
import type { Storage } from '../../src/storage/storage.js';
import type { OpenStorage } from '../support/storage.js';

function raised(id: number, department = 'Sales'): RaisedEvent {
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

function record(first: number, count: number, department?: string): LogRecord {
  return {
    first,
    events: Array.from({ length: count }, (_, index): AlertEvent => raised(first + index, department)),
  };
}

/** What every alert log promises. */
export function alertLogStoreContract(open: OpenStorage): void {
  describe('an alert log store', () => {
    let storage: Storage;
    let log: AlertLogStore;
    const records = [record(1001, 3), record(1004, 1), record(1005, 2), record(1007, 1)];

    beforeAll(async () => {
      storage = await open();
      log = storage.alertLog;
      for (const item of records) expect(await log.append(item)).toBe(true);
    });
    afterAll(() => storage.close());

    it('keeps the first origin for good', async () => {
      const other = await open();
      const origins = await Promise.all([5, 6, 7].map((candidate) => other.alertLog.origin(candidate)));
      expect(new Set(origins).size).toBe(1);
      expect([5, 6, 7]).toContain(origins[0]);
      expect(await other.alertLog.origin(8)).toBe(origins[0]);
      expect(await other.alertLog.read(0, 10)).toEqual([]);
      await other.close();
    });

    it.each([
      [0, 10, [1001, 1004, 1005, 1007]],
      [1000, 2, [1001, 1004]],
      [1001, 10, [1001, 1004, 1005, 1007]],
      [1002, 1, [1001]],
      [1003, 10, [1004, 1005, 1007]],
      [1005, 10, [1005, 1007]],
      [1006, 10, [1007]],
      [1007, 10, []],
      [9999, 10, []],
    ])('reads after %d at most %d records: %j', async (after, limit, firsts) => {
      const read = await log.read(after, limit);
      expect(read).toEqual(records.filter(({ first }) => firsts.includes(first)));
    });

    it.each([
      [Number.MAX_SAFE_INTEGER, 2, [1007, 1005]],
      [1007, 10, [1005, 1004, 1001]],
      [1006, 1, [1005]],
      [1001, 10, []],
    ])('reads backwards from below %d at most %d records: %j', async (before, limit, firsts) => {
      expect((await log.readBackwards(before, limit)).map(({ first }) => first)).toEqual(firsts);
    });

    it('lets exactly one of many appenders have a place', async () => {
      const other = await open();
      const attempts = await Promise.all(
        Array.from({ length: 20 }, (_, n) => other.alertLog.append(record(51, (n % 3) + 1))),
      );
      expect(attempts.filter(Boolean)).toHaveLength(1);
      const [kept] = await other.alertLog.read(50, 10);
      expect(await other.alertLog.append(record(51, 1))).toBe(false);
      expect(await other.alertLog.append(record((kept ? lastIdOf(kept) : 0) + 1, 1))).toBe(true);
      expect(await other.alertLog.read(50, 10)).toHaveLength(2);
      await other.close();
    });

    it('holds a record of 250 KB', async () => {
      const other = await open();
      const large = record(1, 250, '€'.repeat(150));
      expect(Buffer.byteLength(JSON.stringify(large.events))).toBeGreaterThan(240_000);
      expect(await other.alertLog.append(large)).toBe(true);
      expect(await other.alertLog.read(0, 1)).toEqual([large]);
      await other.close();
    });

    it('keeps the newest checkpoint whole', async () => {
      const other = await open();
      expect(await other.alertLog.loadCheckpoint()).toBeUndefined();
      const checkpoint = (head: number, count: number) => ({
        head,
        active: Array.from({ length: count }, (_, n) => raised(n + 1)),
      });
      await other.alertLog.saveCheckpoint(checkpoint(5_000, 3_000));
      expect(await other.alertLog.loadCheckpoint()).toEqual(checkpoint(5_000, 3_000));
      await other.alertLog.saveCheckpoint(checkpoint(4_000, 10));
      expect(await other.alertLog.loadCheckpoint()).toEqual(checkpoint(5_000, 3_000));
      await other.alertLog.saveCheckpoint(checkpoint(6_000, 0));
      expect(await other.alertLog.loadCheckpoint()).toEqual(checkpoint(6_000, 0));
      await other.alertLog.saveCheckpoint(checkpoint(7_000, 700));
      expect(await other.alertLog.loadCheckpoint()).toEqual(checkpoint(7_000, 700));
      await other.close();
    });
  });
}
