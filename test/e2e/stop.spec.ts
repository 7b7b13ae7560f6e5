import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DomainEventName } from '../../src/platform/events/event-map.js';
import { DomainEvents } from '../../src/platform/events/domain-events.js';
import { Lifecycle } from '../../src/platform/lifecycle/lifecycle.js';
import { openEmbeddedStorage } from '../../src/storage/embedded/embedded-storage.js';
import { TestApp } from '../support/app/app.js';
import { companyAt, expectedCompany } from '../support/oracles/company.js';
import { eventually } from '../support/app/eventually.js';
import { ServerClient } from '../support/app/server-client.js';
import { ServerProcess } from '../support/app/server-process.js';
import { surveyCsv, uniform } from '../support/generators/survey.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';

const survey = (rows: number) =>
  Array.from({ length: rows }, (_, n) => uniform(`E${n}`, (n % 5) + 1, `Department ${n % 7}`));
const LATER = [uniform('E1', 5, 'Department 1', '2025-06-01')];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

/** Holds the first sync after a table until it is let go. Resolves when it has come there. */
function hold(app: TestApp, event: DomainEventName, until: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    app.nest.get(DomainEvents).listen(event, async () => {
      resolve();
      await until;
    });
  });
}

async function accept(app: TestApp, csv: string): Promise<string> {
  return ((await (await app.post(csv)).json()) as { task_id: string }).task_id;
}

/** The server of the folder, started anew: what it says when both uploads have ended. */
async function finish(ids: readonly string[], expected: ReturnType<typeof expectedCompany>): Promise<void> {
  const app = await TestApp.start({ DATA_DIR: folder.path });
  const caller = new ServerClient(app.url);
  for (const id of ids) expect(await caller.finished(id)).toMatchObject({ status: 'completed' });
  expect(await companyAt(caller)).toEqual(expected);
  await app.stop();
}

describe('a stop', () => {
  it('lets the import that runs finish, begins no other, and refuses more, while it still answers', async () => {
    const app = await TestApp.start({ DATA_DIR: folder.path });
    let release = (): void => undefined;
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const held = hold(app, 'survey-responses.synced', gate);
    const running = await accept(app, surveyCsv(survey(20)));
    const waiting = await accept(app, surveyCsv(LATER));
    await held;
    const stopped = app.stop();
    const ready = await eventually(
      () => app.request('/health/ready'),
      (response) => response.status !== 200,
    );
    expect([ready.status, await ready.json()]).toMatchObject([503, { code: 'not_ready' }]);
    const refused = await app.post(surveyCsv(LATER));
    expect([refused.status, await refused.json()]).toMatchObject([503, { code: 'server_stopping' }]);
    expect((await app.request('/health/live')).status).toBe(200);
    release();
    await stopped;

    const storage = openEmbeddedStorage(folder.path);
    expect(await storage.uploads.get(running)).toMatchObject({ status: 'completed', revision: 2 });
    expect(await storage.uploads.get(waiting)).toMatchObject({ status: 'pending', revision: 1 });
    expect(await storage.syncJournal.list()).toEqual([]);
    await storage.close();
    await finish([running, waiting], expectedCompany([survey(20), LATER]));
  });

  it('interrupts the import that takes longer than the grace, and the next start finishes it', async () => {
    const app = await TestApp.start({ DATA_DIR: folder.path });
    const { halting } = app.nest.get(Lifecycle);
    const held = hold(app, 'survey-responses.synced', once(halting, 'abort'));
    const id = await accept(app, surveyCsv(survey(20)));
    await held;
    await app.stop();

    const storage = openEmbeddedStorage(folder.path);
    expect(await storage.uploads.get(id)).toMatchObject({ status: 'pending', revision: 1 });
    expect(await storage.syncJournal.list()).toMatchObject([{ syncId: id, repair: 'roll_up' }]);
    expect(await storage.employees.list({ limit: 1 })).toEqual({ items: [] });
    expect(await storage.instances.list()).toEqual([]);
    await storage.close();
    await finish([id], expectedCompany([survey(20)]));
  });

  it('ends an edit that comes too late, and says so', async () => {
    const app = await TestApp.start({ DATA_DIR: folder.path });
    await app.upload(surveyCsv(survey(5)));
    const { halting } = app.nest.get(Lifecycle);
    const held = hold(app, 'employees.synced', once(halting, 'abort'));
    const patch = new ServerClient(app.url).patch('/employees/E1', { department: 'Department 6' });
    await held;
    const [answer] = await Promise.all([patch, app.stop()]);
    expect([answer.status, await answer.json()]).toMatchObject([503, { code: 'server_stopping' }]);
    const moved = survey(5).map((row) =>
      row.employeeId === 'E1' ? { ...row, department: 'Department 6' } : row,
    );
    const next = await TestApp.start({ DATA_DIR: folder.path });
    const caller = new ServerClient(next.url);
    const { departments } = expectedCompany([moved]);
    const seen = await eventually(
      () => companyAt(caller),
      (company) =>
        JSON.stringify(company.departments['Department 6']) === JSON.stringify(departments['Department 6']),
    );
    expect(seen.departments).toMatchObject(departments);
    expect(seen.departments['Department 1']?.[0]).toBe(0);
    await next.stop();
  });
});

describe('SIGTERM during a large import', () => {
  it('ends the process in time, and the next start finishes the import', async () => {
    const large = survey(8_000);
    const server = await ServerProcess.start({ DATA_DIR: folder.path });
    const caller = new ServerClient(server.url);
    const { task_id } = (await (await caller.post(surveyCsv(large))).json()) as { task_id: string };
    await eventually(
      () => caller.get<{ stage: string }>(`/upload/status/${task_id}`),
      ({ stage }) => stage === 'writing',
    );
    const begun = performance.now();
    expect(await server.end('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(performance.now() - begun).toBeLessThan(10_000);
    await finish([task_id], expectedCompany([large]));
  });
});
