import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Storage } from '../../src/storage/ports/storage.js';
import { makeDevice } from '../support/generators/push-subscriptions.js';
import type { OpenStorage } from '../support/storage/storage.js';

/** What a store of push subscriptions promises. */
export function pushSubscriptionStoreContract(open: OpenStorage): void {
  describe('a push subscription store', () => {
    let storage: Storage;
    beforeAll(async () => {
      storage = await open();
    });
    afterAll(() => storage.close());

    const subscription = (...device: Parameters<typeof makeDevice>) => makeDevice(...device).subscription;

    it('is empty at first', async () => {
      const { pushSubscriptions } = storage;
      expect(await pushSubscriptions.list('phones')).toEqual([]);
      expect(await pushSubscriptions.count('phones')).toBe(0);
      expect(await pushSubscriptions.get('none')).toBeUndefined();
    });

    it('keeps a subscription as it is, and replaces it', async () => {
      const { pushSubscriptions } = storage;
      const first = subscription('kept');
      await pushSubscriptions.put(first);
      expect(await pushSubscriptions.get('kept')).toEqual(first);
      const second = subscription('kept', { subject: 'grace', createdAt: '2026-11-23T00:00:00.000Z' });
      await pushSubscriptions.put(second);
      expect(await pushSubscriptions.get('kept')).toEqual(second);
      expect(await pushSubscriptions.list('phones')).toEqual([second]);
      await pushSubscriptions.remove('kept');
    });

    it('tells the subscriptions of one receiver from those of another one', async () => {
      const { pushSubscriptions } = storage;
      const ids = ['b', 'a', 'Z', '-', '_'];
      const phones = ids.map((id) => subscription(`1${id}`));
      const tablets = ids.map((id) => subscription(`2${id}`, { receiver: 'phones-2' }));
      await Promise.all([...phones, ...tablets].map((one) => pushSubscriptions.put(one)));
      const inOrder = phones.toSorted((a, b) => (a.id < b.id ? -1 : 1));
      expect(await pushSubscriptions.list('phones')).toEqual(inOrder);
      expect((await pushSubscriptions.list('phones-2')).map(({ id }) => id).join(' ')).toBe('2- 2Z 2_ 2a 2b');
      expect(await pushSubscriptions.list('phone')).toEqual([]);
      await pushSubscriptions.remove('2a');
      await pushSubscriptions.remove('2a');
      expect([await pushSubscriptions.count('phones'), await pushSubscriptions.count('phones-2')]).toEqual([
        5, 4,
      ]);
      expect(await pushSubscriptions.get('2a')).toBeUndefined();
    });

    it('keeps more than a page of long ones', async () => {
      const { pushSubscriptions } = storage;
      const endpoint = `https://push.example.com/${'x'.repeat(2_000)}`;
      const many = Array.from({ length: 600 }, (_, n) =>
        subscription(`m${n}`, { receiver: 'many', endpoint }),
      );
      for (let n = 0; n < many.length; n += 50)
        await Promise.all(many.slice(n, n + 50).map((one) => pushSubscriptions.put(one)));
      expect(await pushSubscriptions.count('many')).toBe(600);
      const listed = await pushSubscriptions.list('many');
      expect(new Set(listed)).toEqual(new Set(many));
    });
  });
}
