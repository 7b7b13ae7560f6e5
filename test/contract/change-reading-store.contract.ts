import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NO_READER } from '../../src/domain/people/stream-position.js';
import type { Storage } from '../../src/storage/ports/storage.js';
import type { OpenStorage } from '../support/storage/storage.js';

/** What a store of who reads the changes promises. */
export function changeReadingStoreContract(open: OpenStorage): void {
  describe('a store of who reads the changes of tables', () => {
    let storage: Storage;
    beforeAll(async () => {
      storage = await open();
    });
    afterAll(() => storage.close());

    it('keeps a reading as it is, over the one before and over no other', async () => {
      const { streamPosition } = storage;
      expect(await streamPosition.get()).toBeUndefined();
      const first = { ...NO_READER, revision: 1, holder: 'one' };
      expect(await streamPosition.put(first)).toBe(true);
      expect(await streamPosition.put(first)).toBe(false);
      const second = {
        ...first,
        revision: 2,
        position: '{"Employees":{"read":{"shardId-1":"000123"}}}',
      };
      expect(await streamPosition.put({ ...second, revision: 3, holder: '' })).toBe(false);
      expect(await streamPosition.put(second)).toBe(true);
      expect(await streamPosition.get()).toEqual(second);
    });

    it('lets one of many be the next', async () => {
      const { streamPosition } = storage;
      const reading = (await streamPosition.get()) ?? NO_READER;
      const puts = Array.from({ length: 20 }, (_, n) =>
        streamPosition.put({ ...reading, revision: reading.revision + 1, holder: `instance-${n}` }),
      );
      expect((await Promise.all(puts)).filter(Boolean)).toHaveLength(1);
    });
  });
}
