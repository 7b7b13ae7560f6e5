import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { InstanceRegistry } from '../../src/platform/cluster/instance-registry.js';
import { EmployeeStore } from '../../src/storage/ports/entity.store.js';
import { SyncJournalStore, type SyncEntry } from '../../src/storage/ports/sync-journal.store.js';
import { TestApp } from '../support/app/app.js';
import { eventually } from '../support/app/eventually.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let app: TestApp;
beforeAll(async () => {
  folder = await temporaryFolder();
  app = await TestApp.start({ DATA_DIR: folder.path, RISK_EVALUATE_EVERY: '20ms' });
});
afterAll(async () => {
  await app.stop();
  await folder.remove();
});

describe('the periodic evaluation', () => {
  it('raises nothing from what a sync has written so far, and sees to it afterwards', async () => {
    const journal = app.nest.get<SyncJournalStore>(SyncJournalStore);
    const entry: SyncEntry = {
      syncId: 'half-way',
      instance: app.nest.get(InstanceRegistry).id,
      repair: 'roll_up',
    };
    await journal.begin(entry);
    await app.nest.get<EmployeeStore>(EmployeeStore).mutate(['E1'], (employeeId) => ({
      employeeId,
      attributes: {},
      metrics: { dimensions: {}, rates: { stress_rate: 90 } },
    }));
    const looks = jest.spyOn(journal, 'list');
    await eventually(
      () => app.json('GET', '/alerts/active'),
      () => looks.mock.calls.length >= 5,
    );
    expect(looks.mock.calls.length).toBeGreaterThanOrEqual(5);
    expect(await app.json('GET', '/alerts/active')).toMatchObject({ items: [] });
    await journal.end(entry);
    const seen = await eventually(
      () => app.json<{ items: unknown[] }>('GET', '/alerts/active'),
      ({ items }) => items.length > 0,
    );
    expect(seen.items).toHaveLength(1);
  });
});
