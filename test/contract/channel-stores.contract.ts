import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newChannelState, type ChannelState } from '../../src/domain/notifications/channel-state.js';
import type { Storage } from '../../src/storage/ports/storage.js';
import type { OpenStorage } from '../support/storage/storage.js';
import { deadLetter } from '../support/storage/storage-entities.js';

const state = (endpoint: string, revision: number, cursor = 5): ChannelState => ({
  ...newChannelState(endpoint, 'hook', { head: 5, routes: '[]' }),
  revision,
  cursor,
});

/** What the stores of channel states and dead letters promise. */
export function channelStoresContract(open: OpenStorage): void {
  describe('the stores of channels', () => {
    let storage: Storage;
    beforeAll(async () => {
      storage = await open();
    });
    afterAll(() => storage.close());

    it('keep a state as it is, and put none over one that was not read', async () => {
      const states = storage.channelStates;
      expect(await states.get('hook')).toBeUndefined();
      expect(await states.put(state('hook', 2))).toBe(false);
      expect(await states.put(state('hook', 1))).toBe(true);
      expect(await states.put(state('hook', 1, 6))).toBe(false);
      expect(await states.put(state('hook', 3, 6))).toBe(false);
      const stopped = { at: 1, reason: 'gone' };
      const next: ChannelState = { ...state('hook', 2, 7), stopped, remindedAt: { '[]': 3 } };
      expect(await states.put(next)).toBe(true);
      expect(await states.get('hook')).toEqual(next);
    });

    it('let one of many change a state', async () => {
      const states = storage.channelStates;
      const got = await Promise.all(
        Array.from({ length: 20 }, (_, index) => states.put(state('raced', 1, index))),
      );
      expect(got.filter(Boolean)).toHaveLength(1);
      expect((await states.get('raced'))?.cursor).toBe(got.indexOf(true));
    });

    it('list the states by name, and forget one', async () => {
      const states = storage.channelStates;
      await states.put(state('mail/b@example.com', 1));
      await states.put(state('mail/a@example.com', 1));
      const names = async () => (await states.list()).map(({ endpoint }) => endpoint);
      expect(await names()).toEqual(['hook', 'mail/a@example.com', 'mail/b@example.com', 'raced']);
      await states.remove('hook');
      await states.remove('hook');
      expect(await names()).toEqual(['mail/a@example.com', 'mail/b@example.com', 'raced']);
      expect(await states.put(state('hook', 1))).toBe(true);
    });

    it('find the states that exist among many names', async () => {
      const states = storage.channelStates;
      const found = await states.getMany(['none', 'mail/b@example.com', 'raced']);
      expect([...found.keys()].sort()).toEqual(['mail/b@example.com', 'raced']);
      expect(found.get('mail/b@example.com')).toEqual(state('mail/b@example.com', 1));
      expect(await states.getMany([])).toEqual(new Map());
    });

    it('keep dead letters apart by receiver, in the order of their events', async () => {
      const letters = storage.deadLetters;
      const firsts = Array.from({ length: 60 }, (_, index) => 995 + index);
      for (const first of firsts.toReversed()) await letters.put(deadLetter('hook', first));
      await letters.put(deadLetter('hook-2', 1));
      await letters.put({ ...deadLetter('hook', 1_000), reason: 'HTTP 401' });
      expect(await letters.count('hook')).toBe(60);
      expect(await letters.count('hook-2')).toBe(1);
      expect(await letters.count('hoo')).toBe(0);
      const pages = [await letters.list('hook', 25)];
      while (pages.at(-1)?.length === 25)
        pages.push(await letters.list('hook', 25, pages.at(-1)?.at(-1)?.key));
      expect(pages.flat().map(({ id }) => id)).toEqual(firsts.map((first) => `hook.${first}`));
      const { key } = deadLetter('hook', 1_000);
      expect(await letters.get('hook', key)).toEqual({ ...deadLetter('hook', 1_000), reason: 'HTTP 401' });
      await letters.remove('hook', key);
      await letters.remove('hook', key);
      expect(await letters.get('hook', key)).toBeUndefined();
      expect(await letters.count('hook')).toBe(59);
    });
  });
}
