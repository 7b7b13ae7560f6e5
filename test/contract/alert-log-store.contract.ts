import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isEntityEvent } from '../../src/domain/alerts/log-event.js';
import { lastIdOf, type AlertLogStore } from '../../src/storage/ports/alert-log.store.js';
import type { Storage } from '../../src/storage/ports/storage.js';
import { logRecord as record, raisedEvent as raised } from '../support/storage/storage-entities.js';
import type { OpenStorage } from '../support/storage/storage.js';

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

    it.each([
      [0, [[1001, 1002, 1003], [1004], [1005, 1006], [1007]]],
      [1001, [[1002, 1003], [1004], [1005, 1006], [1007]]],
      [1003, [[1004], [1005, 1006], [1007]]],
      [1005, [[1006], [1007]]],
      [1007, []],
      [9999, []],
    ])('gives the events after %d in their order: %j', async (after, runs) => {
      const found: number[][] = [];
      for await (const run of log.events(after)) found.push(run.map(({ id }) => id));
      expect(found).toEqual(runs);
    });

    it.each([
      [Number.MAX_SAFE_INTEGER, [[1007], [1006, 1005], [1004], [1003, 1002, 1001]]],
      [1006, [[1005], [1004], [1003, 1002, 1001]]],
      [1002, [[1001]]],
      [1001, []],
    ])('gives the events before %d in the opposite order: %j', async (before, runs) => {
      const found: number[][] = [];
      for await (const run of log.eventsBackwards(before)) found.push(run.map(({ id }) => id));
      expect(found).toEqual(runs);
    });

    it('gives each event of many records once, either way, and those after a gap', async () => {
      const other = await open();
      const many = Array.from({ length: 70 }, (_, n) => record(100 + 2 * n, 2));
      for (const item of many) await other.alertLog.append(item);
      const ids = async (runs: AsyncIterable<readonly { id: number }[]>) => {
        const found: number[] = [];
        for await (const run of runs) found.push(...run.map(({ id }) => id));
        return found;
      };
      const all = Array.from({ length: 140 }, (_, n) => 100 + n);
      expect(await ids(other.alertLog.events(99))).toEqual(all);
      expect(await ids(other.alertLog.eventsBackwards(1_000))).toEqual(all.toReversed());
      await other.alertLog.saveCheckpoint({ head: 239, active: [] });
      await other.alertLog.trim(139);
      expect(await ids(other.alertLog.events(99))).toEqual(all.slice(40));
      expect(await ids(other.alertLog.eventsBackwards(150))).toEqual(all.slice(40, 50).toReversed());
      await other.close();
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

    it('refuses a place that was taken before, whoever took the ones after', async () => {
      for (const taken of records) expect(await log.append(record(taken.first, 1))).toBe(false);
      expect(await log.read(0, 10)).toEqual(records);
    });

    it('leaves no gap and loses nothing when many append after what they last saw', async () => {
      const other = await open();
      const append = async (writer: string): Promise<void> => {
        for (;;) {
          const [newest] = await other.alertLog.readBackwards(Number.MAX_SAFE_INTEGER, 1);
          if (await other.alertLog.append(record((newest ? lastIdOf(newest) : 0) + 1, 2, writer))) return;
        }
      };
      const writers = Array.from({ length: 8 }, (_, n) => `writer ${n}`);
      await Promise.all(writers.map(append));
      const events = (await other.alertLog.read(0, 100)).flatMap((item) => item.events);
      expect(events.map(({ id }) => id)).toEqual(Array.from({ length: 16 }, (_, n) => n + 1));
      expect(
        [...new Set(events.map((event) => (isEntityEvent(event) ? event.department : '')))].sort(),
      ).toEqual(writers);
      await other.close();
    });

    it('reads many large records whole, however many a page of the store holds', async () => {
      const other = await open();
      const large = Array.from({ length: 12 }, (_, n) => record(n + 1, 1, 'x'.repeat(200_000)));
      for (const item of large) expect(await other.alertLog.append(item)).toBe(true);
      expect(await other.alertLog.read(0, 100)).toEqual(large);
      expect(await other.alertLog.read(2, 9)).toEqual(large.slice(2, 11));
      expect(await other.alertLog.readBackwards(12, 100)).toEqual(large.slice(0, 11).toReversed());
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

    describe('trims', () => {
      const firsts = async (store: AlertLogStore) => (await store.read(0, 1_000)).map(({ first }) => first);

      it.each([
        [1_000, [1001, 1004, 1005, 1007]],
        [1_002, [1001, 1004, 1005, 1007]],
        [1_003, [1004, 1005, 1007]],
        [1_004, [1005, 1007]],
        [1_005, [1005, 1007]],
        [1_006, [1007]],
        [1_007, [1007]],
        [Number.MAX_SAFE_INTEGER - 2, [1007]],
      ])('what ends at %d or before, but never the newest: %j are left', async (upTo, left) => {
        const other = await open();
        for (const item of records) await other.alertLog.append(item);
        await other.alertLog.trim(upTo);
        await other.alertLog.trim(upTo);
        expect(await firsts(other.alertLog)).toEqual(left);
        expect(await other.alertLog.append(record(1_007, 1))).toBe(false);
        expect(await other.alertLog.append(record(1_008, 2))).toBe(true);
        expect(await firsts(other.alertLog)).toEqual([...left, 1_008]);
        expect(await other.alertLog.readBackwards(Number.MAX_SAFE_INTEGER, 1)).toEqual([record(1_008, 2)]);
        await other.close();
      });

      it('nothing of an empty log, and leaves the origin and the checkpoint alone', async () => {
        const other = await open();
        expect(await other.alertLog.origin(41)).toBe(41);
        await other.alertLog.trim(1_000);
        await other.alertLog.saveCheckpoint({ head: 43, active: [raised(42)] });
        for (const first of [42, 43]) await other.alertLog.append(record(first));
        await other.alertLog.trim(43);
        expect(await firsts(other.alertLog)).toEqual([43]);
        expect(await other.alertLog.origin(44)).toBe(41);
        expect(await other.alertLog.loadCheckpoint()).toEqual({ head: 43, active: [raised(42)] });
        await other.close();
      });

      it('many records, while others trim, append and read', async () => {
        const other = await open();
        const log = other.alertLog;
        for (let first = 1; first <= 150; first += 1) await log.append(record(first));
        const append = async (): Promise<void> => {
          for (let first = 151; first <= 160; first += 1) expect(await log.append(record(first))).toBe(true);
        };
        await Promise.all([log.trim(130), append(), log.trim(140), log.trim(90), log.read(0, 1_000)]);
        expect(await firsts(log)).toEqual(Array.from({ length: 20 }, (_, n) => 141 + n));
        await other.close();
      });

      it('large records, however many a page of the store holds', async () => {
        const other = await open();
        const large = Array.from({ length: 12 }, (_, n) => record(n + 1, 1, 'x'.repeat(200_000)));
        for (const item of large) await other.alertLog.append(item);
        await other.alertLog.trim(10);
        expect(await other.alertLog.read(0, 100)).toEqual(large.slice(10));
        await other.close();
      });
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

    it('gives a reader the checkpoint before or this one, whole, while it is replaced', async () => {
      const other = await open();
      const checkpoint = (head: number) => ({
        head,
        active: Array.from({ length: head }, (_, n) => raised(n + 1)),
      });
      await other.alertLog.saveCheckpoint(checkpoint(1_500));
      let isSaving = true;
      const save = async (): Promise<void> => {
        for (const head of [1_501, 1_600, 1_700]) await other.alertLog.saveCheckpoint(checkpoint(head));
        isSaving = false;
      };
      const read = async (): Promise<void> => {
        let newest = 0;
        while (isSaving) {
          const loaded = await other.alertLog.loadCheckpoint();
          expect(loaded?.active).toHaveLength(loaded?.head ?? -1);
          expect(loaded?.head).toBeGreaterThanOrEqual(newest);
          newest = loaded?.head ?? 0;
          await nextTurn();
        }
      };
      await Promise.all([save(), read(), read()]);
      expect(await other.alertLog.loadCheckpoint()).toEqual(checkpoint(1_700));
      await other.close();
    });

    it('ends with the newest checkpoint whoever saves it first', async () => {
      const other = await open();
      const heads = [30, 10, 40, 20, 40];
      await Promise.all(heads.map((head) => other.alertLog.saveCheckpoint({ head, active: [raised(head)] })));
      expect(await other.alertLog.loadCheckpoint()).toEqual({ head: 40, active: [raised(40)] });
      await other.close();
    });
  });
}
