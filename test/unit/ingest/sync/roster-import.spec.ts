import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Clock } from '../../../../src/lib/clock.js';
import type { DepartmentRow } from '../../../../src/domain/people/employee.js';
import { Lifecycle } from '../../../../src/platform/lifecycle/lifecycle.js';
import { openEmbeddedStorage } from '../../../../src/storage/embedded/embedded-storage.js';
import type { Storage } from '../../../../src/storage/ports/storage.js';
import { DepartmentDirectory } from '../../../../src/ingest/departments/department-directory.js';
import { RosterImport } from '../../../../src/ingest/sync/roster-import.js';
import { asyncOf } from '../../../support/app/async-of.js';
import { temporaryFolder } from '../../../support/app/temporary-folder.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let storage: Storage;
let roster: RosterImport;

beforeEach(async () => {
  folder = await temporaryFolder();
  storage = openEmbeddedStorage(folder.path);
  const { employees, departments } = storage;
  const directory = new DepartmentDirectory(departments);
  roster = new RosterImport(employees, departments, directory, new Clock(), new Lifecycle());
});
afterEach(async () => {
  await storage.close();
  await folder.remove();
});

/** Writes a roster of `[id, name]` and answers the departments that it touched. */
async function importRoster(...rows: [string, string][]) {
  const parsed = rows.map(([departmentId, departmentName], index): DepartmentRow => {
    return { departmentId, departmentName, row: index + 1 };
  });
  return roster.writeDepartments(asyncOf([parsed]));
}

/** Writes a roster of `[id, name]` and answers what is stored then. */
async function write(...rows: [string, string][]): Promise<[string, string][]> {
  await importRoster(...rows);
  const { items } = await storage.departments.list({ limit: 100 });
  return items.map(({ departmentId, departmentName }) => [departmentId, departmentName]);
}

describe('a department roster', () => {
  it('moves a department that a survey created to its own id', async () => {
    await new DepartmentDirectory(storage.departments).create('Sales');
    expect(await write(['D1', 'SALES'])).toEqual([['D1', 'SALES']]);
  });

  it('names the department that moved as well as the new one: what fires about either may have ended', async () => {
    const { departmentId } = await new DepartmentDirectory(storage.departments).create('Sales');
    expect(await importRoster(['D1', 'Sales'])).toMatchObject({ count: 1, keys: ['D1', departmentId] });
    expect(await importRoster(['D1', 'Sales'])).toMatchObject({ count: 0, keys: [] });
  });

  it('ends a move that a crash left half done: both rows are there', async () => {
    await write(['D1', 'Sales']);
    await storage.departments.mutate(['dept-sales'], (departmentId) => ({
      departmentId,
      departmentName: 'Sales',
      metrics: { dimensions: {}, rates: {} },
    }));
    expect(await write(['D1', 'Sales'])).toEqual([['D1', 'Sales']]);
  });

  it('renames a department in place', async () => {
    await write(['D1', 'Sales']);
    expect(await write(['D1', 'Marketing'])).toEqual([['D1', 'Marketing']]);
  });

  // Known: the directory still finds D1 under its old name, takes it for a namesake of D2 and deletes it.
  it('loses no department when one takes the old name of another', async () => {
    await write(['D1', 'Sales']);
    expect(await write(['D1', 'Marketing'], ['D2', 'Sales'])).toEqual([
      ['D1', 'Marketing'],
      ['D2', 'Sales'],
    ]);
  });
});
