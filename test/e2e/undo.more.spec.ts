import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { TestApp } from '../support/app/app.js';
import { companyAt, expectedCompany } from '../support/oracles/company.js';
import { ServerClient } from '../support/app/server-client.js';
import { Random } from '../support/generators/random.js';
import { randomSurvey, surveyCsv, uniform, type Answered } from '../support/generators/survey.js';
import { onEachStorage, type Installation } from '../support/storage/storages.js';

const BEFORE = [uniform('E1', 5, 'Alpha'), uniform('E2', 5, 'Alpha')];
/** E1 moves and is stressed, E3 is new, and so is the department. */
const TAKEN_BACK = [uniform('E1', 1, 'Beta', '2025-06-01'), uniform('E3', 1, 'Beta', '2025-06-01')];

/** Taking uploads back, over HTTP. */
onEachStorage('an undo on %s', (install) => {
  let installation: Installation;
  let app: TestApp;
  let caller: ServerClient;
  let taken = '';

  beforeAll(async () => {
    installation = await install();
    app = await TestApp.start(installation.variables);
    caller = new ServerClient(app.url);
  });
  afterAll(async () => {
    await app.stop();
    await installation.remove();
  });

  const undo = (id: string) => caller.request(`/api/v1/uploads/${id}/undo`, { method: 'POST' });
  async function undone(id: string): Promise<unknown> {
    const response = await undo(id);
    expect([response.status, await response.json()]).toMatchObject([
      202,
      { task_id: id, status_url: `/api/v1/upload/status/${id}` },
    ]);
    return caller.finished(id);
  }

  it('leaves the employees, departments and alerts as if the upload had never been', async () => {
    await caller.upload(surveyCsv(BEFORE));
    const imported = await caller.upload(surveyCsv(TAKEN_BACK));
    taken = imported.task_id;
    expect(imported).toMatchObject({ can_undo: true, undo: null });
    expect((await companyAt(caller)).firing).toEqual(['Beta', 'E1', 'E3']);
    expect(await undone(taken)).toMatchObject({
      status: 'completed',
      stage: 'finished',
      progress: 100,
      can_undo: false,
      undone_at: expect.any(String),
      undo: {
        responses_removed: 2,
        employees_changed: 1,
        employees_removed: 1,
        alerts_raised: 0,
        alerts_cleared: 3,
        code: null,
      },
    });
    const { employees, departments, firing } = await companyAt(caller);
    const expected = expectedCompany([BEFORE]);
    expect({ employees, firing }).toEqual({ employees: expected.employees, firing: [] });
    expect(departments).toMatchObject(expected.departments);
    expect(departments.Beta?.[0]).toBe(0);
  });

  it('that is asked for again is not done again', async () => {
    const again = await undo(taken);
    expect([again.status, await again.json()]).toMatchObject([200, { task_id: taken }]);
    expect((await caller.uploads()).find(({ task_id }) => task_id === taken)).toMatchObject({
      undo: { responses_removed: 2 },
    });
  });

  it('clears the alert of an employee whom a roster keeps, as deleted', async () => {
    await caller.upload('Employee_ID,name,division\nE7,Ada,Gamma\n');
    const { task_id } = await caller.upload(surveyCsv([uniform('E7', 1, 'Gamma')]));
    expect((await companyAt(caller)).firing).toEqual(['E7', 'Gamma']);
    expect(await undone(task_id)).toMatchObject({ undo: { employees_changed: 1, alerts_cleared: 2 } });
    const { firing, employees } = await companyAt(caller);
    expect([firing, employees.E7?.[0]]).toEqual([[], 'Gamma']);
    const { items } = await caller.get<{ items: { data: { reason?: string } }[] }>('/alerts?limit=2');
    expect(items.map(({ data }) => data.reason)).toEqual(['deleted', 'deleted']);
  });

  it('spares what a later upload replaced', async () => {
    const first = await caller.upload(surveyCsv([uniform('E8', 1, 'Delta')]));
    await caller.upload(surveyCsv([uniform('E8', 5, 'Delta')]));
    expect(await undone(first.task_id)).toMatchObject({
      undo: { responses_removed: 0, employees_changed: 0, employees_removed: 0 },
    });
    expect((await companyAt(caller)).employees.E8).toEqual(['Delta', 0]);
  });

  it.each([1, 2, 3])(
    'of one of three random surveys leaves what the others come to (seed %i)',
    async (seed) => {
      const files = threeSurveys(new Random(seed));
      const ids: string[] = [];
      for (const file of files) ids.push((await caller.upload(surveyCsv(file))).task_id);
      await undone(String(ids[1]));
      const expected = expectedCompany([files[0], files[2]]);
      const { employees, departments, firing } = await companyAt(caller);
      const ours = (key: string) => key.startsWith(`S${seed}`);
      expect(pick(employees, ours)).toEqual(expected.employees);
      expect(departments).toMatchObject(expected.departments);
      expect(firing.filter(ours)).toEqual(expected.firing.filter(ours));
      // Those that the survey has left without anybody have no risk and fire for nothing.
      expect(firing.filter((name) => !ours(name))).toEqual(expected.firing.filter((name) => !ours(name)));
      for (const id of [ids[2], ids[0]]) await undone(String(id));
      expect((await companyAt(caller)).firing).toEqual([]);
    },
  );

  it('of anything but an imported survey is refused', async () => {
    const roster = await caller.upload('Employee_ID,name\nE9,Eve\n');
    const failed = await caller.upload('nothing\n1\n');
    const dry = await app.upload(surveyCsv(BEFORE), { dry_run: 'true' });
    for (const { task_id } of [roster, failed, dry]) {
      const response = await undo(task_id);
      expect([response.status, await response.json()]).toMatchObject([409, { code: 'not_undoable' }]);
    }
    expect((await undo('none')).status).toBe(404);
  });
});

/** Surveys of the same people at other days, so that none replaces a response of another. */
function threeSurveys(random: Random): [Answered[], Answered[], Answered[]] {
  const taken = new Set<string>();
  const survey = (): Answered[] =>
    randomSurvey(random, 30, 5)
      .filter(({ employeeId, date }) => !taken.has(employeeId + date) && taken.add(employeeId + date))
      .map((row) => ({
        ...row,
        employeeId: `S${random.seed}-${row.employeeId}`,
        department: `S${random.seed} ${row.department}`,
      }));
  return [survey(), survey(), survey()];
}

function pick<T>(of: Readonly<Record<string, T>>, isWanted: (key: string) => boolean): Record<string, T> {
  return Object.fromEntries(Object.entries(of).filter(([key]) => isWanted(key)));
}
