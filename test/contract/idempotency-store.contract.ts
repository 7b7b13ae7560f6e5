import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { KeyUse } from '../../src/domain/uploads/idempotency.js';
import type { Storage } from '../../src/storage/ports/storage.js';
import type { OpenStorage } from '../support/storage/storage.js';

/** What a store of idempotency keys promises. */
export function idempotencyStoreContract(open: OpenStorage): void {
  describe('an idempotency store', () => {
    let storage: Storage;
    beforeAll(async () => {
      storage = await open();
    });
    afterAll(() => storage.close());

    const use = (key: string, holder: string, since = 7): KeyUse => ({
      key,
      holder,
      instance: 'i',
      since,
    });
    const never = new AbortController().signal;

    it('keeps the use of a key as it is, with and without an upload', async () => {
      const keys = storage.idempotencyKeys;
      expect(await keys.get('k')).toBeUndefined();
      expect(await keys.put(use('k', 'a'), undefined)).toBe(true);
      expect(await keys.get('k')).toEqual(use('k', 'a'));
      const settled = { ...use('k', 'a'), upload: { fingerprint: 'f', uploadId: 'u' } };
      expect(await keys.put(settled, 'a')).toBe(true);
      expect(await keys.get('k')).toEqual(settled);
    });

    it('puts nothing over a use that it was not told of', async () => {
      const keys = storage.idempotencyKeys;
      const before = await keys.get('k');
      expect(await keys.put(use('k', 'b'), undefined)).toBe(false);
      expect(await keys.put(use('k', 'b'), 'c')).toBe(false);
      expect(await keys.put(use('none', 'b'), 'c')).toBe(false);
      expect([await keys.get('k'), await keys.get('none')]).toEqual([before, undefined]);
    });

    it('lets one of many have a key', async () => {
      const holders = Array.from({ length: 20 }, (_, index) => `h${index}`);
      const got = await Promise.all(
        holders.map((holder) => storage.idempotencyKeys.put(use('raced', holder), undefined)),
      );
      expect(got.filter(Boolean)).toHaveLength(1);
      expect(await storage.idempotencyKeys.get('raced')).toEqual(
        use('raced', String(holders[got.indexOf(true)])),
      );
    });

    it('removes what a holder holds, and nobody else', async () => {
      await storage.idempotencyKeys.remove('k', 'b');
      expect(await storage.idempotencyKeys.get('k')).toMatchObject({ holder: 'a' });
      await storage.idempotencyKeys.remove('k', 'a');
      await storage.idempotencyKeys.remove('k', 'a');
      expect(await storage.idempotencyKeys.get('k')).toBeUndefined();
    });

    it('removes what is older than a moment, however much that is', async () => {
      const keys = storage.idempotencyKeys;
      const names = Array.from({ length: 560 }, (_, index) => `old ${index}`);
      await Promise.all(
        names.map((name, index) => keys.put(use(name, 'a', index < 510 ? 99 : 100), undefined)),
      );
      await keys.removeBefore(100, never);
      const left = await Promise.all(names.map((name) => keys.get(name)));
      expect(left.map((found) => found?.since)).toEqual([
        ...Array<undefined>(510).fill(undefined),
        ...Array<number>(50).fill(100),
      ]);
      await expect(keys.removeBefore(101, AbortSignal.abort())).rejects.toThrow();
    });
  });
}
