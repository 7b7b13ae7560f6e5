import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ClearedEvent, RaisedEvent } from '../../src/domain/alerts/alert.js';
import { clearing } from '../../src/domain/alerts/evaluate.js';
import { isEntityEvent, type AcknowledgedEvent, type LogEvent } from '../../src/domain/alerts/log-event.js';
import type { AlertLogStore, LogRecord } from '../../src/storage/ports/alert-log.store.js';
import { UNCHANGED, type EventChange } from '../../src/storage/ports/event-rewrite.js';
import type { Storage } from '../../src/storage/ports/storage.js';
import { logRecord, raisedEvent } from '../support/storage/storage-entities.js';
import type { OpenStorage } from '../support/storage/storage.js';

const entityOf = (event: LogEvent): string => (isEntityEvent(event) ? event.entityId : event.kind);

/** Gives whatever is about one entity another name. */
function renaming(from: string, to: string): EventChange {
  const named = <Event extends RaisedEvent | ClearedEvent | AcknowledgedEvent>(event: Event): Event =>
    event.entityId === from ? { ...event, entityId: to } : event;
  return { ...UNCHANGED, raised: named, cleared: named, acknowledged: named };
}

/** What every alert log promises of events that are changed where they stand. */
export function alertLogRewritingContract(open: OpenStorage): void {
  describe('an alert log store that is rewritten', () => {
    let storage: Storage;
    let log: AlertLogStore;
    /** D2 is raised in the first record and cleared in the last. */
    const clear: LogRecord = { first: 6, events: [{ ...clearing(raisedEvent(2), 'recovered', 9), id: 6 }] };
    const records = [logRecord(1, 3), logRecord(4, 2), clear];

    beforeEach(async () => {
      storage = await open();
      log = storage.alertLog;
      for (const record of records) await log.append(record);
    });
    afterEach(() => storage.close());

    const entities = async () =>
      (await log.read(0, 100)).map(({ first, events }) => [
        first,
        ...events.map((event) => `${event.id}:${entityOf(event)}`),
      ]);

    it('tells the new text of every event that is changed, and leaves ids, order and the others alone', async () => {
      expect(await log.rewrite(renaming('D2', 'nobody'), 0)).toBe(2);
      expect(await entities()).toEqual([
        [1, '1:D1', '2:nobody', '3:D3'],
        [4, '4:D4', '5:D5'],
        [6, '6:nobody'],
      ]);
      const [raised, , cleared] = await log.read(0, 3);
      expect(raised?.events[1]).toEqual({ ...raisedEvent(2), entityId: 'nobody' });
      expect(cleared?.events).toEqual([{ ...clear.events[0], entityId: 'nobody' }]);
      expect(await log.append(logRecord(6))).toBe(false);
      expect(await log.append(logRecord(7))).toBe(true);
    });

    it('changes only what is in records that reach above an id', async () => {
      expect(await log.rewrite(renaming('D2', 'nobody'), 3)).toBe(1);
      expect(await entities()).toEqual([
        [1, '1:D1', '2:D2', '3:D3'],
        [4, '4:D4', '5:D5'],
        [6, '6:nobody'],
      ]);
      expect(await log.rewrite(renaming('D1', 'nobody'), 2)).toBe(1);
    });

    it('counts every rewrite, also one that changes nothing, for those who keep events in memory', async () => {
      expect(await log.rewrites()).toBe(0);
      await log.rewrite(renaming('D2', 'nobody'), 0);
      const first = await log.rewrites();
      expect(first).toBeGreaterThan(0);
      expect(await log.rewrite(renaming('D2', 'nobody'), 0)).toBe(0);
      expect(await log.rewrites()).toBeGreaterThan(first);
    });

    it('leaves the origin where it was', async () => {
      const origin = await log.origin(0);
      await log.rewrite(renaming('D2', 'nobody'), 0);
      expect(await log.origin(99)).toBe(origin);
    });

    it('changes what fires in the checkpoint, in whichever of its parts', async () => {
      const active = Array.from({ length: 1_200 }, (_, n) => raisedEvent(n + 1));
      await log.saveCheckpoint({ head: 1_200, active });
      for (const entity of ['D2', 'D1100']) await log.rewrite(renaming(entity, 'nobody'), 0);
      expect(await log.loadCheckpoint()).toEqual({
        head: 1_200,
        active: active.map((event) =>
          ['D2', 'D1100'].includes(event.entityId) ? { ...event, entityId: 'nobody' } : event,
        ),
      });
    });

    it('keeps every one of many changes made at once, in one record and one checkpoint', async () => {
      await log.saveCheckpoint({ head: 5, active: [1, 2, 3, 4, 5].map((id) => raisedEvent(id)) });
      await Promise.all([1, 2, 3, 4, 5].map((n) => log.rewrite(renaming(`D${n}`, `N${n}`), 0)));
      expect(await entities()).toEqual([
        [1, '1:N1', '2:N2', '3:N3'],
        [4, '4:N4', '5:N5'],
        [6, '6:N2'],
      ]);
      expect((await log.loadCheckpoint())?.active.map(entityOf)).toEqual(['N1', 'N2', 'N3', 'N4', 'N5']);
    });

    it('brings nothing back that is trimmed meanwhile, and loses nothing that is appended', async () => {
      const append = async (): Promise<void> => {
        for (let first = 7; first <= 26; first += 1) expect(await log.append(logRecord(first))).toBe(true);
      };
      await Promise.all([
        log.rewrite(renaming('D4', 'nobody'), 0),
        log.trim(3),
        append(),
        log.rewrite(renaming('D1', 'nobody'), 0),
      ]);
      const left = await entities();
      expect(left.slice(0, 2)).toEqual([
        [4, '4:nobody', '5:D5'],
        [6, '6:D2'],
      ]);
      expect(left).toHaveLength(22);
    });

    it('holds a full record of which every event became longer', async () => {
      const large = { first: 7, events: Array.from({ length: 900 }, (_, n) => raisedEvent(n + 7)) };
      expect(await log.append(large)).toBe(true);
      const longer: EventChange = {
        ...UNCHANGED,
        raised: (event) => ({ ...event, entityId: `erased-${'0'.repeat(60)}` }),
      };
      expect(await log.rewrite(longer, 6)).toBe(900);
      expect((await log.read(6, 1))[0]?.events).toHaveLength(900);
    });
  });
}
