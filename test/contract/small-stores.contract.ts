import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Storage } from '../../src/storage/storage.js';
import { outcomes, pendingUpload, surveyResponse } from '../support/storage-calls.js';
import type { OpenStorage } from '../support/storage.js';

/** What the stores of responses and uploads promise, and what all stores do when they cannot answer. */
export function smallStoresContract(open: OpenStorage): void {
  describe('a survey response store', () => {
    let storage: Storage;
    beforeAll(async () => {
      storage = await open();
    });
    afterAll(() => storage.close());

    it('keeps more than a batch, and replaces', async () => {
      const responses = Array.from({ length: 1_200 }, (_, n) => surveyResponse(`r${n}`, n % 101));
      await storage.responses.putMany(responses);
      await storage.responses.putMany([surveyResponse('r7', 99.9), surveyResponse('__proto__')]);
      for (const n of [0, 6, 8, 24, 25, 499, 500, 999, 1_000, 1_199])
        expect(await storage.responses.get(`r${n}`)).toEqual(responses[n]);
      expect(await storage.responses.get('r7')).toEqual(surveyResponse('r7', 99.9));
      expect(await storage.responses.get('__proto__')).toEqual(surveyResponse('__proto__'));
      expect(await storage.responses.get('none')).toBeUndefined();
      await storage.responses.putMany([]);
    });

    it('forgets what a replaced response had and the new one has not', async () => {
      await storage.responses.putMany([surveyResponse('s1')]);
      const { department: _, ...rest } = surveyResponse('s1');
      const bare = { ...rest, answers: {}, metrics: { dimensions: {}, rates: {} } };
      await storage.responses.putMany([bare]);
      expect(await storage.responses.get('s1')).toEqual(bare);
    });
  });

  describe('an upload store', () => {
    let storage: Storage;
    beforeAll(async () => {
      storage = await open();
    });
    afterAll(() => storage.close());

    async function listed(limit: number): Promise<string[][]> {
      const pages: string[][] = [];
      let after: string | undefined;
      do {
        const page = await storage.uploads.list({ limit, ...(after === undefined ? {} : { after }) });
        pages.push(page.items.map(({ id }) => id));
        after = page.next;
      } while (after !== undefined);
      return pages;
    }

    it('is empty at first', async () => {
      expect(await storage.uploads.list({ limit: 50 })).toEqual({ items: [] });
    });

    it('keeps, replaces, pages newest first, and removes', async () => {
      const ids = ['a1', 'a2', 'a3', 'a4', 'a5'];
      for (const id of ids) await storage.uploads.put(pendingUpload(id));
      const failed = { ...pendingUpload('a3'), status: 'failed', code: 'not_utf8' } as const;
      await storage.uploads.put(failed);
      expect(await storage.uploads.get('a3')).toEqual(failed);
      expect(await storage.uploads.get('none')).toBeUndefined();
      for (const limit of [1, 2, 4, 500]) expect((await listed(limit)).flat()).toEqual(ids.toReversed());
      expect((await listed(2))[0]).toEqual(['a5', 'a4']);
      await storage.uploads.delete('a3');
      await storage.uploads.delete('a3');
      expect(await storage.uploads.get('a3')).toBeUndefined();
      expect((await listed(500)).flat()).toEqual(['a5', 'a4', 'a2', 'a1']);
    });

    it('goes on after an upload that is gone meanwhile, past those that came meanwhile', async () => {
      for (const id of ['b1', 'b2', 'b3', 'b4']) await storage.uploads.put(pendingUpload(id));
      const { next = '' } = await storage.uploads.list({ limit: 2 });
      await storage.uploads.delete(next);
      await storage.uploads.put(pendingUpload('b5'));
      const page = await storage.uploads.list({ limit: 2, after: next });
      expect(page.items.map(({ id }) => id)).toEqual(['b2', 'b1']);
    });
  });

  describe('a storage', () => {
    it('answers every call while it is open, and every call with an error once it is closed', async () => {
      const storage = await open();
      const failed = (ends: Record<string, unknown>) =>
        Object.keys(ends).filter((call) => ends[call] === 'StorageError');
      const before = await outcomes(storage);
      expect(failed(before)).toEqual([]);
      await storage.close();
      expect(failed(await outcomes(storage))).toEqual(Object.keys(before));
    });

    it('can be closed twice', async () => {
      const storage = await open();
      await storage.close();
      await storage.close();
    });

    it('finishes what was begun before it closes', async () => {
      const storage = await open();
      const put = storage.uploads.put(pendingUpload('c1')).then(
        () => 'kept',
        () => 'refused',
      );
      await storage.close();
      expect(['kept', 'refused']).toContain(await put);
    });
  });
}
