import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Department } from '../../../../src/domain/people/department.js';
import { NO_METRICS } from '../../../../src/domain/surveys/scores.js';
import type { EntityTable } from '../../../../src/storage/ports/entity.store.js';
import { openEmbeddedStorage } from '../../../../src/storage/embedded/embedded-storage.js';
import type { Storage } from '../../../../src/storage/ports/storage.js';
import { overlayDepartments, overlayEmployees } from '../../../../src/ingest/sync/overlay-table.js';
import { temporaryFolder } from '../../../support/app/temporary-folder.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let storage: Storage;
let table: EntityTable<Department>;

beforeEach(async () => {
  folder = await temporaryFolder();
  storage = openEmbeddedStorage(folder.path);
  table = overlayDepartments(storage.departments);
  await put(storage.departments, 'A', 'B', 'C');
});
afterEach(async () => {
  await storage.close();
  await folder.remove();
});

const put = (to: EntityTable<Department>, ...ids: string[]) =>
  to.mutate(ids, (departmentId) => ({ departmentId, departmentName: departmentId, metrics: NO_METRICS }));
const rename = (to: EntityTable<Department>, id: string, departmentName: string) =>
  to.mutate([id], (_id, current) => current && { ...current, departmentName });

/** The names of the rows, by scan and by id, which must be the same. */
async function names(of: EntityTable<Department>): Promise<string[]> {
  const scanned: string[] = [];
  for await (const page of of.scan()) scanned.push(...page.map(({ departmentName }) => departmentName));
  const read = await of.getMany(['A', 'B', 'C', 'D']);
  expect([...read.values()].map(({ departmentName }) => departmentName).sort()).toEqual(scanned.sort());
  return scanned;
}

describe('a table as it would be', () => {
  it('shows what was changed, created and deleted, and leaves the real one alone', async () => {
    await rename(table, 'A', 'A2');
    await put(table, 'D');
    await table.delete('B');
    expect(await names(table)).toEqual(['A2', 'C', 'D']);
    expect(await names(storage.departments)).toEqual(['A', 'B', 'C']);
  });

  it('goes on from what was changed before', async () => {
    await rename(table, 'A', 'A2');
    const [outcome] = await rename(table, 'A', 'A3');
    expect(outcome).toMatchObject({ before: { departmentName: 'A2' }, changed: true });
    expect(await names(table)).toEqual(['A3', 'B', 'C']);
  });

  it('can create again what it deleted, whether it was there or not', async () => {
    for (const id of ['A', 'D']) {
      await table.delete(id);
      await put(table, id);
    }
    expect(await names(table)).toEqual(['A', 'B', 'C', 'D']);
  });

  it('shows what is created meanwhile once', async () => {
    await put(table, 'D');
    await put(storage.departments, 'D');
    expect(await names(table)).toEqual(['A', 'B', 'C', 'D']);
  });

  it('answers what a change that changes nothing leaves', async () => {
    const outcomes = await table.mutate(['A', 'Z', 'A'], () => undefined);
    expect(outcomes.map(({ id, changed, after }) => [id, changed, after?.departmentName])).toEqual([
      ['A', false, 'A'],
      ['Z', false, undefined],
    ]);
  });
});

describe('an employee as it would be', () => {
  it('keeps all that alerts and the order of responses depend on', async () => {
    const employees = overlayEmployees(storage.employees);
    const employee = {
      employeeId: 'E1',
      attributes: { name: 'Ada', position: 'Clerk', division: 'Sales' },
      metrics: { dimensions: {}, rates: { stress_rate: 50, attrition_rate: 31.2 } },
      lastSubmissionDate: '2025-01-01',
      metricsOrder: 'u#000000001',
      rosterUpdatedAt: '2025-01-02T00:00:00.000Z',
    };
    await employees.mutate(['E1'], () => employee);
    expect((await employees.getMany(['E1'])).get('E1')).toEqual(employee);
  });
});
