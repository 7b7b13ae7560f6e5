import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Clock } from '../../../../src/lib/clock.js';
import { loadConfig } from '../../../../src/config/load-config.js';
import type { Department } from '../../../../src/domain/people/department.js';
import type { Employee } from '../../../../src/domain/people/employee.js';
import { ScannedTotals } from '../../../../src/ingest/departments/department-totals.js';
import { Lifecycle } from '../../../../src/platform/lifecycle/lifecycle.js';
import { openEmbeddedStorage } from '../../../../src/storage/embedded/embedded-storage.js';
import type { EntityTable } from '../../../../src/storage/ports/entity.store.js';
import type { Storage } from '../../../../src/storage/ports/storage.js';
import { DepartmentDirectory } from '../../../../src/ingest/departments/department-directory.js';
import { DepartmentRollUp } from '../../../../src/ingest/departments/department-roll-up.js';
import { temporaryFolder } from '../../../support/app/temporary-folder.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let storage: Storage;

beforeEach(async () => {
  folder = await temporaryFolder();
  storage = openEmbeddedStorage(folder.path);
});
afterEach(async () => {
  await storage.close();
  await folder.remove();
});

/** What one process does; `departments` is the table as it sees it. */
function rollUpOn(departments: EntityTable<Department>): DepartmentRollUp {
  const config = loadConfig({ MIN_GROUP_SIZE: '5' });
  const directory = new DepartmentDirectory(departments);
  return new DepartmentRollUp(
    new ScannedTotals(storage.employees, new Lifecycle()),
    departments,
    directory,
    new Clock(),
    new Lifecycle(),
    config,
  );
}

/** The same table, with something done before the department `id` is written: the id and what it is to be. */
function watched(before: (id: string) => Promise<void>): EntityTable<Department> {
  const { departments } = storage;
  return {
    getMany: (ids) => departments.getMany(ids),
    scan: () => departments.scan(),
    delete: (id) => departments.delete(id),
    mutate: async (ids, change) => {
      for (const id of ids) await before(id);
      return departments.mutate(ids, change);
    },
  };
}

const idsOf = (division: string, count: number, from = 0) =>
  Array.from({ length: count }, (_, n) => `${division}-${from + n}`);
const join = (division: string, count: number, from = 0) =>
  storage.employees.mutate(idsOf(division, count, from), (employeeId): Employee => ({
    employeeId,
    attributes: { division },
    metrics: { dimensions: {}, rates: { stress_rate: 60 } },
  }));
async function leave(division: string, count: number, from: number): Promise<void> {
  for (const id of idsOf(division, count, from)) await storage.employees.delete(id);
}
async function shown(): Promise<string[]> {
  const { items } = await storage.departments.list({ limit: 100 });
  return items.flatMap(({ departmentName, withheld }) => (withheld ? [] : [departmentName])).sort();
}

describe('a roll-up where small groups are hidden', () => {
  beforeEach(async () => {
    await Promise.all([join('Small', 3), join('Next', 6), join('Large', 9)]);
    await rollUpOn(storage.departments).refresh('all');
    expect(await shown()).toEqual(['Large']);
  });

  it('shows nothing by what it counted before another process hid it', async () => {
    const other = rollUpOn(storage.departments);
    let isFirst = true;
    const late = rollUpOn(
      watched(async () => {
        if (!isFirst) return;
        isFirst = false;
        // The other one finds everything as it should be, since nobody has shown Small yet.
        await leave('Small', 2, 3);
        expect(await other.refresh(new Set(['Small']))).toEqual([]);
      }),
    );
    await join('Small', 2, 3);
    await late.refresh(new Set(['Small']));
    expect(isFirst).toBe(false);
    expect(await shown()).toEqual(['Large']);
  });

  it('hides before it shows, whatever the ids', async () => {
    await Promise.all([join('Small', 5, 3), join('Large', 1, 9)]);
    await leave('Large', 6, 0);
    const states: string[][] = [];
    const rollUp = rollUpOn(watched(async () => void states.push(await shown())));
    await rollUp.refresh('all');
    // Large is small now, and Next the smallest beside it.
    expect(await shown()).toEqual(['Small']);
    await Promise.all([join('Large', 9, 20), leave('Small', 5, 3)]);
    await rollUp.refresh('all');
    expect(await shown()).toEqual(['Large']);
    expect(states).toContainEqual(['Large']);
    expect(states.filter((names) => names.length > 1)).toEqual([]);
  });

  it('writes none but those that were named, or must hide or show', async () => {
    const edited = ['dept-large'];
    await storage.departments.mutate(
      edited,
      (_id, current) => current && { ...current, overallRisk: 'critical', engagementScore: 1 },
    );
    await join('Small', 1, 3);
    expect(await rollUpOn(storage.departments).refresh(new Set(['Small']))).toEqual([]);
    expect((await storage.departments.getMany(edited)).get('dept-large')).toMatchObject({
      engagementScore: 1,
    });
    await join('Small', 1, 4);
    const changed = await rollUpOn(storage.departments).refresh(new Set(['Small']));
    expect(changed.sort()).toEqual(['dept-next', 'dept-small']);
  });

  it('knows whether it was made under this size', async () => {
    expect(await rollUpOn(storage.departments).isOutdated()).toBe(false);
    await storage.departments.mutate(
      ['dept-large'],
      (_id, current) => current && { ...current, minGroupSize: 4 },
    );
    expect(await rollUpOn(storage.departments).isOutdated()).toBe(true);
  });
});
