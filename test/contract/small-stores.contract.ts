import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { UploadRecord } from '../../src/domain/uploads/upload.js';
import type { Page } from '../../src/storage/ports/entity.store.js';
import type { Storage } from '../../src/storage/ports/storage.js';
import { outcomes, pendingUpload, surveyResponse } from '../support/storage/storage-calls.js';
import type { OpenStorage } from '../support/storage/storage.js';

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
      const failed = { ...pendingUpload('a3'), revision: 2, status: 'failed', code: 'not_utf8' } as const;
      expect(await storage.uploads.put(failed)).toBe(true);
      expect(await storage.uploads.get('a3')).toEqual(failed);
      expect(await storage.uploads.get('none')).toBeUndefined();
      for (const limit of [1, 2, 4, 500]) {
        const pages = await listed(limit);
        expect(pages.flat()).toEqual(ids.toReversed());
        expect(Math.max(...pages.map(({ length }) => length))).toBeLessThanOrEqual(limit);
      }
      await storage.uploads.delete('a3');
      await storage.uploads.delete('a3');
      expect(await storage.uploads.get('a3')).toBeUndefined();
      expect((await listed(500)).flat()).toEqual(['a5', 'a4', 'a2', 'a1']);
    });

    it('lets exactly one of many claims through, and none from an older state', async () => {
      const { uploads } = storage;
      const claimOf = (revision: number, instance: string) => ({
        ...pendingUpload('claimed'),
        revision,
        owner: { instance, spool: 's1' },
      });
      for (const revision of [1, 2, 3]) {
        const claims = Array.from({ length: 12 }, (_, n) => claimOf(revision, `i${n}`));
        const outcomes = await Promise.all(claims.map((claim) => uploads.put(claim)));
        const winners = claims.filter((_, n) => outcomes[n]);
        expect(winners).toHaveLength(1);
        expect(await uploads.get('claimed')).toEqual(winners[0]);
      }
      for (const revision of [1, 2, 3, 5]) expect(await uploads.put(claimOf(revision, 'late'))).toBe(false);
      expect(await uploads.put(claimOf(4, 'next'))).toBe(true);
      expect(await uploads.put({ ...pendingUpload('unknown'), revision: 2 })).toBe(false);
      expect(await uploads.get('unknown')).toBeUndefined();
      await uploads.delete('claimed');
    });

    it('takes a put that is repeated for what it is', async () => {
      const record = pendingUpload('repeated');
      expect(await storage.uploads.put(record)).toBe(true);
      expect(await storage.uploads.put(record)).toBe(true);
      const claim = { ...record, revision: 2, owner: { instance: 'i2', spool: 's1' } };
      expect(await storage.uploads.put(claim)).toBe(true);
      expect(await storage.uploads.put(claim)).toBe(true);
      expect(await storage.uploads.put(record)).toBe(false);
      await storage.uploads.delete('repeated');
    });

    it('goes on after an upload that is gone meanwhile, past those that came meanwhile', async () => {
      for (const id of ['b1', 'b2', 'b3', 'b4']) await storage.uploads.put(pendingUpload(id));
      const { next = '' } = await storage.uploads.list({ limit: 2 });
      await storage.uploads.delete(next);
      await storage.uploads.put(pendingUpload('b5'));
      // The page before may have been short, or empty.
      const rest = ['b5', 'b4', 'b3', 'b2', 'b1'].filter((id) => id < next);
      const found: string[] = [];
      for (let after: string | undefined = next; after !== undefined;) {
        const page: Page<UploadRecord> = await storage.uploads.list({ limit: 2, after });
        found.push(...page.items.map(({ id }) => id));
        after = page.next;
      }
      expect(found.slice(0, rest.length)).toEqual(rest);
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
