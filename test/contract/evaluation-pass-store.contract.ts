import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { beginningOf, NO_PASS } from '../../src/domain/alerts/evaluation-pass.js';
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
      const first = { ...NO_PASS, revision: 1, holder: 'one', parts: beginningOf(2) };
      expect(await evaluationPass.put(first)).toBe(true);
      expect(await evaluationPass.put(first)).toBe(false);
      const second = { ...first, revision: 2, parts: [{ isDone: true }, { isDone: false, after: 'E7' }] };
      expect(await evaluationPass.put({ ...second, revision: 3, holder: '', completed: 1, parts: [] })).toBe(
        false,
      );
      expect(await evaluationPass.put(second)).toBe(true);
      expect(await evaluationPass.get()).toEqual(second);
    });

    it('lets one of many be the next', async () => {
      const { evaluationPass } = storage;
      const pass = (await evaluationPass.get()) ?? NO_PASS;
      const puts = Array.from({ length: 20 }, (_, n) =>
        evaluationPass.put({ ...pass, revision: pass.revision + 1, holder: `instance-${n}` }),
      );
      expect((await Promise.all(puts)).filter(Boolean)).toHaveLength(1);
    });
  });
}
