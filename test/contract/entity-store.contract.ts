import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Employee } from '../../src/domain/people/employee.js';
import type { EntityStore, ListQuery } from '../../src/storage/ports/entity.store.js';
import type { Storage } from '../../src/storage/ports/storage.js';
import { fullDepartment, fullEmployee } from '../support/storage/storage-entities.js';
import type { OpenStorage } from '../support/storage/storage.js';

const employee = (employeeId: string, stress = 10): Employee => ({
  employeeId,
  attributes: { division: 'Sales' },
  metrics: { dimensions: { ESG: 3 }, rates: { stress_rate: stress } },
  lastSubmissionDate: '2025-03-01',
});

const idsOf = (count: number, prefix = 'E') =>
  Array.from({ length: count }, (_, n) => `${prefix}${String(n).padStart(5, '0')}`);

/** The ids of a whole listing, page by page. */
async function listed(
  store: EntityStore<Employee>,
  query: ListQuery<Employee>,
  start?: string,
): Promise<string[]> {
  const ids: string[] = [];
  let after = start;
  do {
    const page = await store.list({ ...query, ...(after === undefined ? {} : { after }) });
    expect(page.items.length).toBeLessThanOrEqual(query.limit);
    ids.push(...page.items.map(({ employeeId }) => employeeId));
    after = page.next;
  } while (after !== undefined);
  return ids;
}

/** What every table of entities promises, tried on employees. */
export function entityStoreContract(open: OpenStorage): void {
  describe('an entity store', () => {
    let storage: Storage;
    let store: EntityStore<Employee>;
    beforeAll(async () => {
      storage = await open();
      store = storage.employees;
    });
    afterAll(() => storage.close());

    it('creates, changes and leaves, in the order of the first appearance of each id', async () => {
      const [created] = await store.mutate(['A1'], (id) => employee(id));
      expect(created).toEqual({ id: 'A1', before: undefined, after: employee('A1'), changed: true });
      const results = await store.mutate(['A2', 'A1', 'A2', 'A3'], (id, current) => {
        if (id === 'A1') return current && { ...current, attributes: { name: 'Ada' } };
        return id === 'A2' ? employee(id) : undefined;
      });
      expect(results).toEqual([
        { id: 'A2', before: undefined, after: employee('A2'), changed: true },
        {
          id: 'A1',
          before: employee('A1'),
          after: { ...employee('A1'), attributes: { name: 'Ada' } },
          changed: true,
        },
        { id: 'A3', before: undefined, after: undefined, changed: false },
      ]);
      expect(await store.getMany(['A1', 'A3'])).toEqual(
        new Map([['A1', { ...employee('A1'), attributes: { name: 'Ada' } }]]),
      );
    });

    it('does not call the same again a change, and removes what is gone', async () => {
      await store.mutate(['B1'], (id) => employee(id));
      expect(await store.mutate(['B1'], (id) => employee(id))).toMatchObject([{ changed: false }]);
      const bare: Employee = { employeeId: 'B1', attributes: {}, metrics: { dimensions: {}, rates: {} } };
      await store.mutate(['B1'], () => bare);
      expect((await store.getMany(['B1'])).get('B1')).toEqual(bare);
    });

    it('loses none of many changes at the same moment, each decided on what the one before left', async () => {
      await store.mutate(['C1'], (id) => employee(id, 0));
      const increment = () =>
        store.mutate(['C1'], (_, current) => employee('C1', (current?.metrics.rates.stress_rate ?? 0) + 1));
      const mutations = (await Promise.all(Array.from({ length: 50 }, increment))).flat();
      const rates = (which: 'before' | 'after') =>
        mutations.map((mutation) => mutation[which]?.metrics.rates.stress_rate ?? NaN).sort((a, b) => a - b);
      expect(rates('before')).toEqual(Array.from({ length: 50 }, (_, n) => n));
      expect(rates('after')).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
      expect((await store.getMany(['C1'])).get('C1')).toEqual(employee('C1', 50));
    });

    it('lets only one of many create', async () => {
      const create = (stress: number) =>
        store.mutate(['C2'], (id, current) => (current === undefined ? employee(id, stress) : undefined));
      const mutations = (await Promise.all(Array.from({ length: 10 }, (_, n) => create(n)))).flat();
      const [winner, ...others] = mutations.filter(({ changed }) => changed);
      expect(others).toEqual([]);
      for (const { after } of mutations) expect(after).toEqual(winner?.after);
      expect((await store.getMany(['C2'])).get('C2')).toEqual(winner?.after);
    });

    it('makes a change of one part beside a change of another', async () => {
      await store.mutate(['C3'], (id) => employee(id, 0));
      await Promise.all([
        store.mutate(['C3'], (_, current) => current && { ...current, attributes: { name: 'Ada' } }),
        store.mutate(['C3'], (_, current) => current && { ...current, metricsUpdatedAt: 'now' }),
      ]);
      expect((await store.getMany(['C3'])).get('C3')).toEqual({
        ...employee('C3', 0),
        attributes: { name: 'Ada' },
        metricsUpdatedAt: 'now',
      });
    });

    it('leaves everything as it is when a change throws, and goes on', async () => {
      await store.mutate(['C4'], (id) => employee(id));
      const failing = store.mutate(['C4'], () => {
        throw new RangeError('a bug');
      });
      await expect(failing).rejects.toThrow(RangeError);
      expect(await store.mutate(['C4'], () => undefined)).toMatchObject([{ after: employee('C4') }]);
    });

    it('keeps every field of both kinds of entity', async () => {
      await storage.employees.mutate(['F1'], fullEmployee);
      expect((await storage.employees.getMany(['F1'])).get('F1')).toEqual(fullEmployee('F1'));
      await storage.departments.mutate(['F1'], fullDepartment);
      expect((await storage.departments.getMany(['F1', 'C1'])).get('F1')).toEqual(fullDepartment('F1'));
      expect(await storage.departments.list({ limit: 10 })).toEqual({ items: [fullDepartment('F1')] });
      const more = { ...fullDepartment('F1'), respondents: 77 };
      await storage.departments.mutate(['F1'], () => more);
      expect((await storage.departments.getMany(['F1'])).get('F1')).toEqual(more);
    });

    it.each([
      'Ünïcode → 人',
      'x'.repeat(256),
      '𝕏'.repeat(256),
      '__proto__',
      'constructor',
      'with space',
      '-1',
      '1',
    ])('keeps the id %j', async (id) => {
      await store.mutate([id], () => employee(id));
      expect(await store.getMany([id, id, 'hasOwnProperty'])).toEqual(new Map([[id, employee(id)]]));
      await store.delete(id);
      expect((await store.getMany([id])).size).toBe(0);
    });

    it('deletes what is not there without complaint', async () => {
      await expect(store.delete('nobody')).resolves.toBeUndefined();
    });

    describe('with thousands of entities', () => {
      const ids = idsOf(2_500);
      const isOdd = (id: string) => Number(id.slice(1)) % 2 === 1;
      let many: Storage;
      beforeAll(async () => {
        many = await open();
        await many.employees.mutate(ids, (id) => employee(id, isOdd(id) ? 1 : 0));
      });
      afterAll(() => many.close());

      it('scans each exactly once, in pages that can be held', async () => {
        const seen: string[] = [];
        for await (const page of many.employees.scan()) {
          expect(page.length).toBeLessThanOrEqual(1_000);
          seen.push(...page.map(({ employeeId }) => employeeId));
        }
        expect(seen.sort()).toEqual(ids);
      });

      it.each([1, 4])('scans each exactly once in %d parts, which can be gone on with later', async (of) => {
        const seen: string[] = [];
        for (let index = 0; index < of; index += 1) {
          let after: string | undefined;
          // One page of each look, as after a crash.
          do {
            const part = { index, of, ...(after === undefined ? {} : { after }) };
            after = undefined;
            for await (const { items, next } of many.employees.scanPart(part)) {
              expect(items.length).toBeLessThanOrEqual(1_000);
              seen.push(...items.map(({ employeeId }) => employeeId));
              after = next;
              break;
            }
          } while (after !== undefined);
        }
        expect(seen.sort()).toEqual(ids);
      });

      it('reads those that exist among any number of ids, repeated or not', async () => {
        const asked = [...ids, 'none', ...ids.slice(0, 150), 'none'];
        const found = await many.employees.getMany(asked);
        expect([...found.keys()].sort()).toEqual(ids);
        for (const [id, { employeeId }] of found) expect(employeeId).toBe(id);
        expect((await many.employees.getMany([])).size).toBe(0);
      });

      it.each([500, 499])('lists each exactly once in pages of %d', async (limit) => {
        expect((await listed(many.employees, { limit })).sort()).toEqual(ids);
        const odd = await listed(many.employees, { limit, matches: ({ employeeId }) => isOdd(employeeId) });
        expect(odd.sort()).toEqual(ids.filter(isOdd));
      });

      it('finds the one that matches', async () => {
        const matches = ({ employeeId }: Employee) => employeeId === ids[1_234];
        expect(await listed(many.employees, { limit: 50, matches })).toEqual([ids[1_234]]);
        expect(await listed(many.employees, { limit: 50, matches: () => false })).toEqual([]);
      });
    });

    describe('with a few entities', () => {
      const ids = idsOf(21, 'P');
      let few: Storage;
      beforeAll(async () => {
        few = await open();
        expect(await few.employees.list({ limit: 1 })).toEqual({ items: [] });
        await few.employees.mutate(ids, (id) => employee(id, ids.indexOf(id) % 3));
      });
      afterAll(() => few.close());

      it.each([1, 7, 20, 21, 22, 500])('lists each exactly once in pages of %d', async (limit) => {
        expect((await listed(few.employees, { limit })).sort()).toEqual(ids);
        for (const rest of [0, 1, 2]) {
          const matches = ({ metrics }: Employee) => metrics.rates.stress_rate === rest;
          const found = await listed(few.employees, { limit, matches });
          expect(found.sort()).toEqual(ids.filter((_, n) => n % 3 === rest));
        }
      });

      it('goes on after an entity that is gone meanwhile', async () => {
        const { items, next = '' } = await few.employees.list({ limit: 7 });
        await few.employees.delete(next);
        const rest = await listed(few.employees, { limit: 7 }, next);
        const all = [...items.map(({ employeeId }) => employeeId), ...rest];
        expect(all.sort()).toEqual(ids);
      });
    });
  });
}
