import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Employee } from '../../src/domain/employee.js';
import type { EntityStore } from '../../src/storage/entity.store.js';
import type { Storage } from '../../src/storage/storage.js';
import type { OpenStorage } from '../support/storage.js';

const employee = (employeeId: string, stress = 10): Employee => ({
  employeeId,
  attributes: { division: 'Sales' },
  metrics: { dimensions: { ESG: 3 }, rates: { stress_rate: stress } },
  lastSubmissionDate: '2025-03-01',
});

const idsOf = (count: number, prefix = 'E') =>
  Array.from({ length: count }, (_, n) => `${prefix}${String(n).padStart(5, '0')}`);

async function scanIds(store: EntityStore<Employee>): Promise<string[]> {
  const ids: string[] = [];
  for await (const page of store.scan()) ids.push(...page.map(({ employeeId }) => employeeId));
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

    it('loses none of many changes at the same moment', async () => {
      await store.mutate(['C1'], (id) => employee(id, 0));
      const increment = () =>
        store.mutate(['C1'], (_, current) => {
          const next = (current?.metrics.rates.stress_rate ?? 0) + 1;
          return { ...employee('C1', next), metricsUpdatedAt: `turn ${next}` };
        });
      await Promise.all(Array.from({ length: 25 }, increment));
      expect((await store.getMany(['C1'])).get('C1')?.metrics.rates.stress_rate).toBe(25);
    });

    it.each(['Ünïcode → 人', 'x'.repeat(256), '__proto__', 'constructor', 'with space', '-1'])(
      'keeps the id %j',
      async (id) => {
        await store.mutate([id], () => employee(id));
        expect((await store.getMany([id, id])).get(id)).toEqual(employee(id));
        await store.delete(id);
        expect((await store.getMany([id])).size).toBe(0);
      },
    );

    it('deletes what is not there without complaint', async () => {
      await expect(store.delete('nobody')).resolves.toBeUndefined();
    });

    it('scans, reads and pages through thousands, each exactly once', async () => {
      const other = await open();
      const ids = idsOf(2_500);
      await other.employees.mutate(ids, (id) => employee(id, Number(id.slice(1)) % 2));
      expect((await scanIds(other.employees)).sort()).toEqual(ids);
      expect((await other.employees.getMany([...ids, 'none'])).size).toBe(ids.length);
      for (const limit of [7, 500]) {
        const listed: string[] = [];
        let after: string | undefined;
        do {
          const page = await other.employees.list({
            limit,
            ...(after === undefined ? {} : { after }),
            matches: ({ metrics }) => metrics.rates.stress_rate === 1,
          });
          expect(page.items.length).toBeLessThanOrEqual(limit);
          listed.push(...page.items.map(({ employeeId }) => employeeId));
          after = page.next;
        } while (after !== undefined && (limit === 500 || listed.length < 30));
        if (limit === 500) expect(listed.sort()).toEqual(ids.filter((id) => Number(id.slice(1)) % 2 === 1));
        expect(new Set(listed).size).toBe(listed.length);
      }
      await other.close();
    });

    it('pages without a filter, one at a time, to an end', async () => {
      const other = await open();
      await other.employees.mutate(['P1', 'P2', 'P3'], (id) => employee(id));
      const listed: string[] = [];
      let after: string | undefined;
      do {
        const page = await other.employees.list({ limit: 1, ...(after === undefined ? {} : { after }) });
        listed.push(...page.items.map(({ employeeId }) => employeeId));
        after = page.next;
      } while (after !== undefined);
      expect(listed.sort()).toEqual(['P1', 'P2', 'P3']);
      await other.close();
    });
  });
}
