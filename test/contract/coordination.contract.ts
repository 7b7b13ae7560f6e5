import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Erasure } from '../../src/domain/privacy/erasure.js';
import type { Storage } from '../../src/storage/ports/storage.js';
import type { SyncEntry } from '../../src/storage/ports/sync-journal.store.js';
import type { OpenStorage } from '../support/storage/storage.js';

/** What the stores promise by which processes know of each other. */
export function coordinationContract(open: OpenStorage): void {
  let storage: Storage;
  beforeAll(async () => {
    storage = await open();
  });
  afterAll(() => storage.close());

  describe('an instance store', () => {
    const beatOf = (instance: string, beat: number) => ({
      instance,
      host: `host of ${instance}`,
      pid: 7,
      beat,
    });
    const listed = async () =>
      (await storage.instances.list()).sort((a, b) => (a.instance < b.instance ? -1 : 1));

    it('is empty at first, and keeps the newest beat of each', async () => {
      expect(await listed()).toEqual([]);
      for (const [instance, beat] of [
        ['a', 1],
        ['b', 1],
        ['a', 2],
      ] as const)
        await storage.instances.beat(beatOf(instance, beat));
      expect(await listed()).toEqual([beatOf('a', 2), beatOf('b', 1)]);
    });

    it('removes one, but not one that has beaten since', async () => {
      await storage.instances.remove(beatOf('a', 1));
      await storage.instances.remove(beatOf('none', 1));
      expect(await listed()).toEqual([beatOf('a', 2), beatOf('b', 1)]);
      await storage.instances.remove(beatOf('a', 2));
      await storage.instances.remove(beatOf('a', 2));
      expect(await listed()).toEqual([beatOf('b', 1)]);
    });
  });

  describe('a sync journal', () => {
    const entryOf = (syncId: string, instance: string, repair: SyncEntry['repair'] = 'roll_up') => ({
      syncId,
      instance,
      repair,
    });
    const listed = async () =>
      (await storage.syncJournal.list()).sort((a, b) => (a.syncId < b.syncId ? -1 : 1));

    it('is empty at first, and keeps what has begun', async () => {
      expect(await listed()).toEqual([]);
      expect(await storage.syncJournal.begin(entryOf('s1', 'a'))).toBe(false);
      expect(await storage.syncJournal.begin(entryOf('s2', 'b', 'evaluate'))).toBe(false);
      expect(await listed()).toEqual([entryOf('s1', 'a'), entryOf('s2', 'b', 'evaluate')]);
    });

    it('keeps what must be repaired, whatever it is', async () => {
      expect(await storage.syncJournal.begin(entryOf('s3', 'a', 'withdraw'))).toBe(false);
      expect((await listed())[2]).toEqual(entryOf('s3', 'a', 'withdraw'));
      await storage.syncJournal.end(entryOf('s3', 'a'));
    });

    it('tells of an earlier attempt, and replaces its entry', async () => {
      expect(await storage.syncJournal.begin(entryOf('s1', 'b'))).toBe(true);
      expect(await listed()).toEqual([entryOf('s1', 'b'), entryOf('s2', 'b', 'evaluate')]);
    });

    it('forgets what has ended, but not what another instance has begun since', async () => {
      await storage.syncJournal.end(entryOf('s1', 'a'));
      await storage.syncJournal.end(entryOf('none', 'a'));
      expect(await listed()).toHaveLength(2);
      await storage.syncJournal.end(entryOf('s1', 'b'));
      await storage.syncJournal.end(entryOf('s1', 'b'));
      expect(await listed()).toEqual([entryOf('s2', 'b', 'evaluate')]);
      expect(await storage.syncJournal.begin(entryOf('s1', 'a'))).toBe(false);
    });
  });

  describe('an erasure store', () => {
    const erasureOf = (id: string, more: Partial<Erasure> = {}): Erasure => ({
      id,
      employeeId: 'E1',
      mode: 'erase',
      pseudonym: 'erased-1',
      key: 'k',
      requestedBy: 'admin',
      instance: 'i1',
      ...more,
    });

    it('keeps what is not over, oldest first, and whole', async () => {
      expect(await storage.erasures.list()).toEqual([]);
      await storage.erasures.put(erasureOf('2', { mode: 'anonymise' }));
      await storage.erasures.put(erasureOf('1'));
      expect(await storage.erasures.list()).toEqual([erasureOf('1'), erasureOf('2', { mode: 'anonymise' })]);
    });

    it('replaces one, and forgets what is over', async () => {
      await storage.erasures.put(erasureOf('1', { sweptAt: 1_700_000_000_000 }));
      expect((await storage.erasures.list())[0]).toEqual(erasureOf('1', { sweptAt: 1_700_000_000_000 }));
      for (const id of ['1', '1', '2', 'none']) await storage.erasures.remove(id);
      expect(await storage.erasures.list()).toEqual([]);
    });
  });
}
