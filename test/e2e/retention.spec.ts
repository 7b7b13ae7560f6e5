import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { LogRetention } from '../../src/alerting/log/log-retention.js';
import type { AlertDecision, AlertEvent } from '../../src/domain/alerts/alert.js';
import type { Employee } from '../../src/domain/people/employee.js';
import { openEmbeddedStorage } from '../../src/storage/embedded/embedded-storage.js';
import { TestApp } from '../support/app/app.js';
import { runToEnd } from '../support/app/server-process.js';
import { StorageProcess } from '../support/storage/storage-process.js';
import { surveyCsv, uniform } from '../support/generators/survey.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';
import { WsClient, type Frame } from '../support/clients/ws-client.js';

const ORIGIN = 1_700_000_000_000;
const LONG_AGO = Date.now() - 2 * 3_600_000;
const SETTINGS = { ALERT_RETENTION: '1h' };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let app: TestApp;

function employee(employeeId: string, stress_rate: number): Employee {
  return { employeeId, attributes: {}, metrics: { dimensions: {}, rates: { stress_rate } } };
}

function raised(employeeId: string, at: number): AlertDecision {
  const rates = { stress_rate: 80, engagement_rate: null, attrition_rate: null };
  const who = { employee_id: employeeId, employee_name: 'Unknown', department: 'Sales', position: 'Unknown' };
  return {
    kind: 'raised',
    alert: 'employee_stress',
    entityId: employeeId,
    department: 'Sales',
    at,
    threshold: 40,
    data: { ...who, ...rates },
  };
}

/** A log of two old records and a young one. OLD fires since the first of them; GONE fired and recovered in them. */
async function seed(dataDir: string): Promise<void> {
  const storage = openEmbeddedStorage(dataDir);
  const people = [employee('OLD', 80), employee('GONE', 10), employee('YOUNG', 80)];
  await storage.employees.mutate(
    people.map(({ employeeId }) => employeeId),
    (id) => people.find(({ employeeId }) => employeeId === id),
  );
  const cleared: AlertDecision = {
    kind: 'cleared',
    alert: 'employee_stress',
    entityId: 'GONE',
    department: 'Sales',
    at: LONG_AGO,
    raisedId: ORIGIN + 2,
    reason: 'recovered',
    value: 10,
  };
  const records = [
    [raised('OLD', LONG_AGO), raised('GONE', LONG_AGO)],
    [cleared],
    [raised('YOUNG', Date.now())],
  ];
  let first = (await storage.alertLog.origin(ORIGIN)) + 1;
  for (const decisions of records) {
    const events = decisions.map((decision, n): AlertEvent => ({ ...decision, id: first + n }));
    await storage.alertLog.append({ first, events });
    first += events.length;
  }
  await storage.close();
}

/** Starts the application, and waits until it has removed what is too old. */
async function start(): Promise<TestApp> {
  const started = await TestApp.start({ DATA_DIR: folder.path, ...SETTINGS });
  await started.nest.get(LogRetention).run();
  return started;
}

beforeEach(async () => {
  folder = await temporaryFolder();
  await seed(folder.path);
  app = await start();
});
afterEach(async () => {
  await app.stop();
  await folder.remove();
});

const connect = (lastEventId: string) =>
  WsClient.connect(`${app.url.replace('http', 'ws')}/api/v1/ws/alerts?last_event_id=${lastEventId}`);
const employees = (frames: readonly Frame[]) => frames.map(({ data }) => data?.employee_id);
const alertsOf = (frames: readonly Frame[]) => frames.filter(({ type }) => type === 'employee_stress');
const id = (place: number) => String(ORIGIN + place);
const list = async (path: string) => (await app.json<{ items: Frame[] }>('GET', path)).items;

describe('an alert log of which old records were removed', () => {
  it('lists what is left, and still knows what fires', async () => {
    expect(employees(await list('/alerts'))).toEqual(['YOUNG']);
    expect(employees(await list('/alerts/active'))).toEqual(['YOUNG', 'OLD']);
    expect(await app.json('GET', `/alerts/${id(1)}`)).toMatchObject({
      id: id(1),
      data: { employee_id: 'OLD' },
    });
    expect((await app.request(`/api/v1/alerts/${id(2)}`)).status).toBe(404);
    expect((await app.request(`/api/v1/alerts/${id(3)}`)).status).toBe(404);
  });

  it('raises nothing again after a restart, and clears what fired before', async () => {
    await app.stop();
    app = await start();
    expect(await app.json('POST', '/risk/evaluate')).toMatchObject({ alerts_raised: 0, alerts_cleared: 0 });
    expect(employees(await list('/alerts/active'))).toEqual(['YOUNG', 'OLD']);
    await app.json('PATCH', '/employees/OLD', { stress_rate: 5 });
    const [newest] = await list('/alerts');
    expect(newest).toMatchObject({ type: 'alert_cleared', data: { employee_id: 'OLD', raised_id: id(1) } });
  });

  it.each([
    ['the origin', id(0), 'trimmed_id'],
    ['everything', '0', 'trimmed_id'],
    ['an id that was removed', id(1), 'trimmed_id'],
    ['the last but one id that was removed', id(2), 'trimmed_id'],
    ['an id before the log', id(-1), 'unknown_id'],
    ['an id to come', id(1_000), 'future_id'],
    ['garbage', '%00%ff{"id":1}', 'invalid_id'],
    ['1,000 digits', '9'.repeat(1_000), 'invalid_id'],
    ['10,000 digits', '9'.repeat(10_000), 'invalid_id'],
  ])('answers %s with a snapshot, then goes on live', async (_, lastEventId, reason) => {
    const client = await connect(lastEventId);
    await app.upload(surveyCsv([uniform('NEW', 1, 'Sales')]));
    await client.until((frames) => alertsOf(frames).length === 1);
    const [, snapshot, ...live] = client.frames.filter(({ type }) => type !== 'position');
    expect(snapshot).toMatchObject({ type: 'snapshot', reason, id: id(4) });
    expect(employees((snapshot?.data?.active ?? []) as Frame[])).toEqual(['OLD', 'YOUNG']);
    expect(employees(alertsOf(live))).toEqual(['NEW']);
    expect(live.map(({ type }) => type)).not.toContain('replay_complete');
    await client.close();
  });

  it.each([
    ['the last id that was removed', id(3)],
    ['the oldest that there is', 'earliest'],
  ])('replays everything after %s', async (_, lastEventId) => {
    const client = await connect(lastEventId);
    await client.until((frames) => frames.some(({ type }) => type === 'replay_complete'));
    const [, ...frames] = client.frames.filter(({ type }) => type !== 'position');
    expect(frames).toMatchObject([
      { type: 'employee_stress', id: id(4), replayed: true },
      { type: 'replay_complete', count: 1, id: id(4) },
    ]);
    await client.close();
  });

  it('outlives an id that no request can hold', async () => {
    const response = await app.request(`/api/v1/ws/alerts?last_event_id=${'9'.repeat(100_000)}`);
    expect(response.status).toBe(431);
    const client = await connect(id(4));
    await app.upload(surveyCsv([uniform('NEW', 1, 'Sales')]));
    await client.until((frames) => alertsOf(frames).length === 1);
    await client.close();
  });
});

describe('a process that ends right after it has removed old records', () => {
  beforeAll(() => StorageProcess.build(), 120_000);

  it('leaves a log that the next one goes on with', async () => {
    const dataDir = `${folder.path}/crash`;
    await seed(dataDir);
    const variables = { DATA_DIR: dataDir, ...SETTINGS, PULSEWATCH_TEST_CRASH_AT: 'log.trimmed' };
    expect((await runToEnd(variables)).code).toBeNull();
    await app.stop();
    app = await TestApp.start({ DATA_DIR: dataDir, ...SETTINGS });
    await app.nest.get(LogRetention).run();
    expect(employees(await list('/alerts'))).toEqual(['YOUNG']);
    expect(employees(await list('/alerts/active'))).toEqual(['YOUNG', 'OLD']);
  });
});
