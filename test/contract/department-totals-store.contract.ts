import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newTotals, opened, type DepartmentTotals } from '../../src/domain/people/department-totals.js';
import { RollUp } from '../../src/domain/people/roll-up.js';
import type { Storage } from '../../src/storage/ports/storage.js';
import type { OpenStorage } from '../support/storage/storage.js';

/** What a store of department totals promises. */
export function departmentTotalsStoreContract(open: OpenStorage): void {
  describe('a store of department totals', () => {
    let storage: Storage;
    beforeAll(async () => {
      storage = await open();
    });
    afterAll(() => storage.close());

    const first = (folded: string): DepartmentTotals => opened(newTotals(folded, folded, false), 'op', 'i1');

    it('is empty and not complete at first', async () => {
      const { departmentTotals } = storage;
      expect(await departmentTotals.list()).toEqual([]);
      expect((await departmentTotals.getMany(['sales'])).size).toBe(0);
      expect((await departmentTotals.getMany([])).size).toBe(0);
      expect(await departmentTotals.isComplete()).toBe(false);
    });

    it('is complete once somebody said so', async () => {
      const { departmentTotals } = storage;
      await departmentTotals.complete();
      await departmentTotals.complete();
      expect(await departmentTotals.isComplete()).toBe(true);
    });

    it('keeps totals as they are, names of any script too', async () => {
      const { departmentTotals } = storage;
      const rollUp = new RollUp();
      rollUp.add({ dimensions: { ESG: 3.5 }, rates: { stress_rate: 62.5 } });
      const totals = { ...first('r&d – 開発'), name: 'R&D – 開発', sums: rollUp.sums };
      expect(await departmentTotals.put(totals)).toBe(true);
      const found = await departmentTotals.getMany(['none', 'r&d – 開発']);
      expect([...found]).toEqual([['r&d – 開発', totals]]);
    });

    it('takes them over those of one revision less, and no others', async () => {
      const { departmentTotals } = storage;
      const totals = first('sales');
      expect(await departmentTotals.put({ ...totals, revision: 2 })).toBe(false);
      expect(await departmentTotals.put(totals)).toBe(true);
      expect(await departmentTotals.put(totals)).toBe(false);
      expect(await departmentTotals.put({ ...totals, revision: 3 })).toBe(false);
      const next = { ...totals, revision: 2, isDirty: true };
      expect(await departmentTotals.put(next)).toBe(true);
      expect((await departmentTotals.getMany(['sales'])).get('sales')).toEqual(next);
    });

    it('lets one of two that come at once win', async () => {
      const { departmentTotals } = storage;
      const wins = await Promise.all(
        Array.from({ length: 8 }, (_, n) => departmentTotals.put({ ...first('race'), name: `${n}` })),
      );
      expect(wins.filter(Boolean)).toHaveLength(1);
    });

    it('lists all, and finds many at once', async () => {
      const { departmentTotals } = storage;
      const names = Array.from({ length: 250 }, (_, n) => `many ${n}`);
      for (let n = 0; n < names.length; n += 50)
        await Promise.all(names.slice(n, n + 50).map((name) => departmentTotals.put(first(name))));
      expect([...(await departmentTotals.getMany(names)).keys()].sort()).toEqual(names.toSorted());
      const listed = (await departmentTotals.list()).map(({ folded }) => folded);
      expect(listed).toEqual(expect.arrayContaining(names));
      expect(new Set(listed).size).toBe(listed.length);
    });
  });
}
