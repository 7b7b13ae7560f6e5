import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { advanced, completed, NO_PASS, taken } from '../../src/domain/alerts/evaluation-pass.js';
import type { Storage } from '../../src/storage/ports/storage.js';
import type { OpenStorage } from '../support/storage/storage.js';

/** What a store of the shared evaluation promises. */
export function evaluationPassStoreContract(open: OpenStorage): void {
  describe('a store of the shared evaluation', () => {
    let storage: Storage;
    beforeAll(async () => {
      storage = await open();
    });
    afterAll(() => storage.close());

    it('keeps a pass as it is, over the one before and over no other', async () => {
      const { evaluationPass } = storage;
      expect(await evaluationPass.get()).toBeUndefined();
      const first = taken(NO_PASS, 'one', { parts: 2, isFresh: true });
      expect(await evaluationPass.put(first)).toBe(true);
      expect(await evaluationPass.put(first)).toBe(false);
      const second = advanced(first, [{ isDone: true }, { isDone: false, after: 'E7' }]);
      expect(await evaluationPass.put(completed(second))).toBe(false);
      expect(await evaluationPass.put(second)).toBe(true);
      expect(await evaluationPass.get()).toEqual(second);
    });

    it('lets one of many be the next', async () => {
      const { evaluationPass } = storage;
      const pass = (await evaluationPass.get()) ?? NO_PASS;
      const puts = Array.from({ length: 20 }, (_, n) =>
        evaluationPass.put(taken(pass, `instance-${n}`, { parts: 2, isFresh: false })),
      );
      expect((await Promise.all(puts)).filter(Boolean)).toHaveLength(1);
    });
  });
}
