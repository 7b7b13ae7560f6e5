import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DepartmentStore, EmployeeStore } from '../../src/storage/ports/entity.store.js';
import { TestApp } from '../support/app/app.js';
import { inProject, PROJECT } from '../support/project.js';
import { Random } from '../support/generators/random.js';
import { randomSurvey, surveyCsv, uniform } from '../support/generators/survey.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';

interface Body {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}
interface Preview {
  readonly alerts_raised: number;
  readonly alerts_cleared: number;
  readonly alerts: readonly Body[];
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let app: TestApp;

beforeEach(async () => {
  folder = await temporaryFolder();
  app = await TestApp.start({ DATA_DIR: folder.path });
});
afterEach(async () => {
  await app.stop();
  await folder.remove();
});

/** What a dry run of the file says about the alerts. */
async function preview(csv: string, fields = {}): Promise<Preview | undefined> {
  const { result } = await app.upload(csv, { ...fields, dry_run: 'true' });
  return (result as { preview?: Preview }).preview;
}

const head = async () => (await app.json<{ position: string }>('GET', '/alerts?limit=1')).position;

/** Imports the file and answers what that did to the alerts, in the form of a preview. */
async function carriedOut(csv: string): Promise<Preview> {
  const before = await head();
  const { result, status } = await app.upload(csv);
  expect(status).toBe('completed');
  const { items } = await app.json<{ items: Body[] }>('GET', `/alerts?after=${before}&limit=500`);
  const { alerts_raised, alerts_cleared } = result;
  return { alerts_raised, alerts_cleared, alerts: items.map(({ type, data }) => ({ type, data })) };
}

/** Everything that a dry run must leave alone. */
async function everything(): Promise<unknown> {
  const paths = ['/employees?limit=500', '/departments?limit=500', '/alerts?limit=500'];
  return Promise.all(paths.map((path) => app.json('GET', path)));
}

const inAnyOrder = (seen: Preview | undefined) => ({
  ...seen,
  alerts: seen?.alerts.map((alert) => JSON.stringify(alert)).sort(),
});

/** One of the files that people send, about few enough people for every alert to be named. */
function randomFile(random: Random): string {
  const people = 25;
  const kind = random.pick(['survey', 'survey', 'employees', 'departments'] as const);
  if (kind === 'survey') return surveyCsv(distinct(randomSurvey(random, people, 4)));
  const name = () => random.pick(['Department 1', 'department 2', 'Department 3', 'Department 9', '']);
  const rows =
    kind === 'employees'
      ? Array.from({ length: 12 }, (_, n) => `E${n * 2 + 1},${random.pick(['', 'Ada', 'Bo'])},,${name()}`)
      : ['Department 1', 'DEPARTMENT 2', 'Department 9']
          .filter(() => random.next() < 0.7)
          .map((called, n) => `D${random.whole(0, 1) + n * 2},${called}`);
  const header =
    kind === 'employees' ? 'Employee_ID,name,position,division' : 'department_id,department_name';
  return [header, ...(rows.length > 0 ? rows : ['D1,Department 1']), ''].join('\n');
}

/** Without rows that would have the id of another one. */
function distinct(rows: ReturnType<typeof randomSurvey>): ReturnType<typeof randomSurvey> {
  return [...new Map(rows.map((row) => [`${row.employeeId} ${row.date}`, row])).values()];
}

/** What other tools do to the tables; it counts at the next sync. */
async function editDirectly(random: Random): Promise<void> {
  const id = `E${random.whole(1, 25)}`;
  const stress_rate = random.whole(0, 100);
  await app.nest.get(EmployeeStore).mutate(
    [id],
    (_id, current) =>
      current && {
        ...current,
        metrics: { ...current.metrics, rates: { ...current.metrics.rates, stress_rate } },
      },
  );
  if (random.next() < 0.3) await app.nest.get(EmployeeStore).delete(`E${random.whole(1, 25)}`);
  await app.nest
    .get(DepartmentStore)
    .mutate(['dept-department-3'], (_id, current) => current && { ...current, overallRisk: 'Critical' });
}

describe('the preview of a dry run', () => {
  it.each(
    inProject<[seed: number, smallest: string]>({
      short: [
        [1, '1'],
        [6, '4'],
      ],
      long: [
        [2, '1'],
        [4, '1'],
        [5, '1'],
        [7, '6'],
      ],
    }),
  )('is what the import then does, and changes nothing (seed %i, groups of %s)', async (seed, smallest) => {
    await app.stop();
    app = await TestApp.start({ DATA_DIR: folder.path, MIN_GROUP_SIZE: smallest });
    const random = new Random(seed);
    let [raised, cleared] = [0, 0];
    for (let round = 0; round < 10; round += 1) {
      const csv = randomFile(random);
      const before = await everything();
      const promised = await preview(csv);
      expect(await everything()).toEqual(before);
      const done = await carriedOut(csv);
      expect({ csv, ...inAnyOrder(promised) }).toEqual({ csv, ...inAnyOrder(done) });
      raised += done.alerts_raised;
      cleared += done.alerts_cleared;
      if (random.next() < 0.5) await editDirectly(random);
    }
    expect(raised).toBeGreaterThan(10);
    expect(cleared).toBeGreaterThan(5);
  });

  if (PROJECT === 'long') return;
  it('counts who answered no question of any rate, too', async () => {
    await app.stop();
    app = await TestApp.start({ DATA_DIR: folder.path, MIN_GROUP_SIZE: '5' });
    const team = (name: string, size: number) =>
      Array.from({ length: size }, (_, n) => uniform(`${name}${n}`, 1, name));
    const leadershipOnly = team('Few', 4).map((row) => ({
      ...row,
      answers: row.answers.map((answer, question) => (question === 1 ? answer : null)),
    }));
    const csv = surveyCsv([...leadershipOnly, ...team('Next', 6), ...team('Large', 9), ...team('Huge', 12)]);
    const promised = await preview(csv);
    expect(inAnyOrder(promised)).toEqual(inAnyOrder(await carriedOut(csv)));
    // 27 people, and Huge: Next hides Few, and Large the rates of Next, which Few have none of.
    expect(promised?.alerts_raised).toBe(28);
  });

  it('counts all and names the first 100', async () => {
    const csv = surveyCsv(Array.from({ length: 130 }, (_, n) => uniform(`E${n}`, 1)));
    const promised = await preview(csv);
    expect([promised?.alerts_raised, promised?.alerts.length]).toEqual([131, 100]);
    expect((await carriedOut(csv)).alerts_raised).toBe(131);
  });

  it('is the report of a file that would be imported, and nothing more', async () => {
    const csv = `${surveyCsv([uniform('E1', 1)])}E2,2025-03-01,Sales${',9'.repeat(15)}\n`;
    const dry = await app.upload(csv, { dry_run: 'true' });
    expect(dry).toMatchObject({
      status: 'completed',
      message:
        'Dry run: 2 row(s) read, 1 rejected, 0 duplicate; 2 alert(s) would be raised, 0 cleared; nothing was written.',
      result: { rows_read: 2, rows_written: 0, rows_rejected: 1, alerts_raised: 0, alerts_cleared: 0 },
    });
    const { errors } = (await app.upload(csv)).result;
    expect(dry.result.errors).toEqual(errors);
    expect((await app.upload(csv)).result).not.toHaveProperty('preview');
  });

  it('is not made of a file that would not be written', async () => {
    const csv = `${surveyCsv([uniform('E1', 1)])}E2,2025-03-01,Sales${',9'.repeat(15)}\n`;
    expect(await preview(csv, { mode: 'strict' })).toBeUndefined();
    expect(await preview('what,is,this\n1,2,3\n')).toBeUndefined();
  });
});
