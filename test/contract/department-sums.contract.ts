import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Employee } from '../../src/domain/people/employee.js';
import { OverlayTotals } from '../../src/ingest/departments/overlay-totals.js';
import { Lifecycle } from '../../src/platform/lifecycle/lifecycle.js';
import type { EntityTable } from '../../src/storage/ports/entity.store.js';
import type { Storage } from '../../src/storage/ports/storage.js';
import { overlayEmployees } from '../../src/ingest/sync/overlay-table.js';
import { Random } from '../support/generators/random.js';
import type { OpenStorage } from '../support/storage/storage.js';
import { sumsOf, TotalsHarness } from '../support/app/totals-harness.js';

const PEOPLE = 40;
const UNITS = ['Sales', 'SALES ', 'Legal', 'R&D'];

function employee(employeeId: string, division: string | undefined, stress?: number, esg?: number): Employee {
  return {
    employeeId,
    attributes: division === undefined ? {} : { division },
    metrics: {
      dimensions: esg === undefined ? {} : { ESG: esg },
      rates: stress === undefined ? {} : { stress_rate: stress },
    },
  };
}

function anyEmployee(random: Random, id: string): Employee {
  const division = random.next() < 0.1 ? undefined : random.pick(UNITS);
  const [stress, esg] = [random.whole(0, 1_000) / 10, random.whole(100, 500) / 100];
  return employee(
    id,
    division,
    random.next() < 0.2 ? undefined : stress,
    random.next() < 0.5 ? esg : undefined,
  );
}

/** What the sums of departments promise on a storage, whatever happens to who changes employees. */
export function departmentSumsContract(open: OpenStorage, { losesAnswers = false } = {}): void {
  describe('the sums of departments', () => {
    let storage: Storage;
    let room: TotalsHarness;
    let rooms: TotalsHarness[];
    const start = async (): Promise<TotalsHarness> => {
      const started = await TotalsHarness.start(storage);
      rooms.push(started);
      return started;
    };
    beforeEach(async () => {
      storage = await open();
      rooms = [];
      room = await start();
      await join(room, 'Sales', 3);
      await join(room, 'Legal', 2);
      // The first time they are asked for, everybody is looked at.
      expect(await room.sums()).toEqual(await room.truth());
      room.employees.scans = 0;
    });
    afterEach(async () => {
      for (const of of rooms) await of.vanish();
      await storage.close();
    });

    const join = (of: TotalsHarness, division: string, count: number) =>
      of.counted.mutate(
        Array.from({ length: count }, (_, n) => `${division}-${n}`),
        (id) => employee(id, division, 60, 3.5),
      );
    // Whoever missed the answer to a write may look at everybody once more.
    const expectScans = (of: TotalsHarness, scans: number) => {
      if (losesAnswers) expect(of.employees.scans).toBeGreaterThanOrEqual(scans);
      else expect(of.employees.scans).toBe(scans);
    };
    const expectRight = async (of: TotalsHarness, scans: number) => {
      expect(await of.sums()).toEqual(await of.truth());
      expectScans(of, scans);
    };

    it('follow changes, moves and names in other letters, and look at nobody else', async () => {
      await room.counted.mutate(['Sales-0', 'Sales-1'], (id, current) => ({
        ...employee(id, 'legal', 80),
        ...(id === 'Sales-0' ? {} : { attributes: current?.attributes ?? {} }),
      }));
      await room.counted.mutate(['Legal-0'], (id) => employee(id, 'New', undefined, 4));
      await room.counted.mutate(['Sales-2'], (id) => employee(id, undefined, 10));
      expect(await room.sums(new Set(['sales', 'none']))).toEqual(await room.truth(new Set(['sales'])));
      await expectRight(room, 0);
      expect(Object.keys(await room.sums())).toEqual(['legal', 'new', 'sales']);
    });

    it('lose a department that nobody is in any more', async () => {
      await room.counted.mutate(['Legal-0', 'Legal-1'], (id) => employee(id, 'Sales', 1));
      await expectRight(room, 0);
      expect(Object.keys(await room.sums())).toEqual(['sales']);
    });

    it(`follow what several processes do at once`, async () => {
      const random = new Random(Date.now());
      await start();
      await start();
      const run = async (of: TotalsHarness): Promise<void> => {
        for (let round = 0; round < 12; round += 1) {
          const ids = Array.from({ length: random.whole(1, 8) }, () => `E${random.whole(1, PEOPLE)}`);
          const next = new Map(ids.map((id) => [id, anyEmployee(random, id)]));
          await of.counted.mutate(ids, (id) => next.get(id));
          if (random.next() < 0.5) await of.sums(new Set(['sales', 'legal']));
        }
      };
      await Promise.all(rooms.flatMap((of) => [run(of), run(of)]));
      for (const of of rooms) await of.sums();
      expect([random.seed, await room.sums()]).toEqual([random.seed, await room.truth()]);
      for (const of of rooms) expectScans(of, 0);
    });

    it('are computed anew where a process vanished before it had counted', async () => {
      const other = await start();
      await other.counted.mutate(['Sales-0', 'new'], (id) => employee(id, 'Sales', 90));
      // It may still count: nobody looks.
      await room.sums();
      expectScans(room, 0);
      await other.vanish();
      await expectRight(room, 1);
      await expectRight(room, 1);
    });

    it('are not doubled by a process that was taken for gone and counts after all', async () => {
      const other = await start();
      await other.counted.mutate(['Sales-0', 'new'], (id) => employee(id, 'Sales', 90));
      await other.vanish();
      await expectRight(room, 1);
      expect(await other.sums()).toEqual(await other.truth());
    });

    it('are computed anew after a change that failed half way, and after a deletion', async () => {
      await room.counted.mutate(['Sales-2'], (id) => employee(id, 'Sales', 6));
      const failing = room.counted.mutate(['Sales-0', 'Sales-1'], (id) => {
        if (id === 'Sales-1') throw new Error('no');
        return employee(id, 'Sales', 5);
      });
      await expect(failing).rejects.toThrow('no');
      await expectRight(room, 1);
      await room.counted.delete('Sales-0');
      await room.counted.delete('nobody');
      await expectRight(room, 2);
    });

    it('hold changes that are under way while somebody asks', async () => {
      let asked = false;
      room.employees.afterWrite = async () => {
        if (asked) return;
        asked = true;
        await room.sums();
      };
      await room.counted.mutate(['Sales-0', 'Legal-0'], (id, current) => ({
        ...(current ?? employee(id, 'Sales')),
        metrics: employee(id, 'Sales', 77).metrics,
      }));
      expect(asked).toBe(true);
      await expectRight(room, 0);
    });

    it('may be less than nothing while somebody is counted who has moved on already', async () => {
      let hasMoved = false;
      room.employees.afterWrite = async () => {
        if (hasMoved || !(await room.employees.getMany(['new'])).has('new')) return;
        hasMoved = true;
        await room.counted.mutate(['new'], (id) => employee(id, 'Sales', 60));
        await room.sums();
      };
      await room.counted.mutate(['new'], (id) => employee(id, 'Research', 60));
      expect(hasMoved).toBe(true);
      await expectRight(room, 0);
    });

    it('are not taken from a look at everybody while another process counts', async () => {
      const other = await start();
      other.employees.afterWrite = async () => {
        await room.kept.recompute();
      };
      await other.counted.mutate(['Sales-0', 'new'], (id) => employee(id, 'Sales', 90));
      other.employees.afterWrite = () => Promise.resolve();
      room.employees.scans = 0;
      await other.sums();
      expect(await room.sums()).toEqual(await room.truth());
    });

    it('take no notice of direct edits until everybody is looked at', async () => {
      await storage.employees.mutate(['Sales-0'], (id) => employee(id, 'Sales', 99));
      expect(await room.sums()).not.toEqual(await room.truth());
      await room.kept.recompute();
      expect(await room.sums()).toEqual(await room.truth());
    });

    it('drift by direct edits, which a look at everybody tells from changes made meanwhile', async () => {
      await storage.employees.mutate(['Sales-0'], (id) => employee(id, 'Sales', 99));
      await storage.employees.mutate(['direct'], (id) => employee(id, 'Other', 99));
      await room.counted.mutate(['Legal-0'], (id) => employee(id, 'Legal', 1));
      const check = await room.kept.check();
      for await (const page of storage.employees.scan()) check.add(page);
      await room.counted.mutate(['Legal-1'], (id) => employee(id, 'Legal', 2));
      expect([...(await check.save())].sort()).toEqual(['other', 'sales']);
      room.employees.scans = 0;
      expect(await room.sums(new Set(['sales', 'other']))).toEqual(
        await room.truth(new Set(['sales', 'other'])),
      );
      expectScans(room, 0);
      // That of which somebody counted meanwhile is found out at the next question.
      expect(await room.sums()).toEqual(await room.truth());
      const again = await room.kept.check();
      for await (const page of storage.employees.scan()) again.add(page);
      expect(await again.save()).toEqual(new Set());
    });

    it('are right again once those of direct edits are in doubt, by one look for all departments', async () => {
      await storage.employees.mutate(['Sales-0'], (id) => employee(id, 'Legal', 99));
      await storage.employees.mutate(['direct'], (id) => employee(id, 'Other', 99));
      const names = ['Sales', 'Legal', 'Other'].map((name) => [name.toLowerCase(), name] as const);
      await room.kept.invalidate(new Map(names));
      const asked = new Set(names.map(([folded]) => folded));
      expect(await room.sums(asked)).toEqual(await room.truth());
      await expectRight(room, 1);
    });

    it('are kept by nobody who looked before an edit of which another one knows', async () => {
      const sales = new Map([['sales', 'Sales']]);
      await room.kept.invalidate(sales);
      const early = await room.kept.check();
      for await (const page of storage.employees.scan()) early.add(page);
      await storage.employees.mutate(['Sales-0'], (id) => employee(id, 'Sales', 99));
      const other = await start();
      await other.kept.invalidate(sales);
      await early.save();
      expect(await other.sums()).toEqual(await other.truth());
    });

    it('would be the same if a preview were real', async () => {
      const random = new Random(Date.now());
      await room.counted.mutate(
        Array.from({ length: PEOPLE }, (_, n) => `E${n}`),
        (id) => anyEmployee(random, id),
      );
      const wouldBe = new OverlayTotals(room.kept, overlayEmployees(storage.employees), new Lifecycle());
      const rounds = Array.from({ length: 10 }, () =>
        Array.from({ length: 5 }, () => anyEmployee(random, `E${random.whole(1, PEOPLE + 5)}`)),
      );
      const writeTo = async (table: EntityTable<Employee>): Promise<void> => {
        for (const round of rounds) {
          const next = new Map(round.map((changed) => [changed.employeeId, changed]));
          await table.mutate([...next.keys()], (id) => next.get(id));
        }
      };
      await writeTo(wouldBe.employees);
      const promised = await sumsOf(wouldBe, 'all');
      const promisedSales = await sumsOf(wouldBe, new Set(['sales']));
      expect([random.seed, promised]).not.toEqual([random.seed, await room.sums()]);
      await writeTo(room.counted);
      expect([random.seed, promised]).toEqual([random.seed, await room.sums()]);
      expect(promisedSales).toEqual(await room.sums(new Set(['sales'])));
    });
  });
}
