import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { AlertLog } from '../../src/alerting/log/alert-log.js';
import { Clock } from '../../src/lib/clock.js';
import { clearing } from '../../src/domain/alerts/evaluate.js';
import { Lifecycle } from '../../src/platform/lifecycle/lifecycle.js';
import { UploadReportScrubber } from '../../src/people/privacy/upload-report-scrubber.js';
import { AlertLogStore } from '../../src/storage/ports/alert-log.store.js';
import { ErasureStore } from '../../src/storage/ports/erasure.store.js';
import { EmployeeStore } from '../../src/storage/ports/entity.store.js';
import { InstanceStore } from '../../src/storage/ports/instance.store.js';
import { UploadRecovery } from '../../src/ingest/upload/upload-recovery.js';
import { StorageError } from '../../src/storage/ports/storage-error.js';
import { SurveyResponseStore } from '../../src/storage/ports/survey-response.store.js';
import { UploadStore } from '../../src/storage/ports/upload.store.js';
import { pendingUpload } from '../support/storage/storage-calls.js';
import { DepartmentRollUp } from '../../src/ingest/departments/department-roll-up.js';
import { TestApp, type UploadStatus } from '../support/app/app.js';
import { companyAt, expectedCompany } from '../support/oracles/company.js';
import { eventually } from '../support/app/eventually.js';
import { ServerClient } from '../support/app/server-client.js';
import { SseClient } from '../support/clients/sse-client.js';
import { onEachStorage, type Installation } from '../support/storage/storages.js';
import { surveyCsv, uniform } from '../support/generators/survey.js';
import { COLLEAGUES, employVictim, VICTIM, tracesIn, VICTIMS } from '../support/oracles/victim.js';
import { WsClient, type Frame } from '../support/clients/ws-client.js';

/** All that an application gives out, by every way: each as text. */
async function everyAnswer(app: TestApp): Promise<Record<string, string>> {
  const text = async (path: string) => (await app.request(`/api/v1${path}`)).text();
  const { items: uploads } = await app.json<{ items: { task_id: string }[] }>('GET', '/uploads?limit=500');
  const { items: alerts } = await app.json<{ items: Frame[] }>('GET', '/alerts?limit=500');
  const paths = [
    ...['/employees', '/departments', '/alerts', '/alerts/active', '/uploads'].map((p) => `${p}?limit=500`),
    '/alerts?after=earliest&limit=500',
    ...alerts.map(({ id }) => `/alerts/${id}`),
    ...uploads.flatMap(({ task_id: id }) => [
      `/uploads/${id}`,
      `/upload/status/${id}`,
      `/uploads/${id}/errors.csv`,
    ]),
  ];
  const answers: Record<string, string> = {};
  for (const path of paths) answers[path] = await text(path);
  for (const resume of ['earliest', '999999999999999']) {
    answers[`WebSocket after ${resume}`] = JSON.stringify(await framesOf(app, resume));
    const stream = await SseClient.connect(`${app.url}/api/v1/alerts/stream?last_event_id=${resume}`);
    await stream.until(isCaughtUp);
    answers[`stream after ${resume}`] = JSON.stringify(stream.frames);
    await stream.close();
  }
  return answers;
}

const isCaughtUp = (frames: readonly Frame[]) =>
  frames.some(({ type }) => type === 'replay_complete' || type === 'snapshot');
const webSocketOf = (app: TestApp, resume: string) =>
  WsClient.connect(`${app.url.replace('http', 'ws')}/api/v1/ws/alerts?last_event_id=${resume}`);

async function framesOf(app: TestApp, resume: string): Promise<readonly Frame[]> {
  const client = await webSocketOf(app, resume);
  await client.until(isCaughtUp);
  await client.close();
  return client.frames;
}

const idsAfter = async (app: TestApp, resume: string) =>
  (await framesOf(app, resume)).filter(({ replayed }) => replayed === true).map(({ id }) => id);
const remove = (app: TestApp, mode: string, id: string = VICTIM.id) =>
  app.request(`/api/v1/employees/${id}?mode=${mode}`, { method: 'DELETE' });

onEachStorage('the removal of a person on %s', (install) => {
  let installation: Installation;
  let app: TestApp;

  beforeEach(async () => {
    installation = await install();
    app = await TestApp.start(installation.variables);
    await employVictim(app);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await app.stop();
    await installation.remove();
  });

  /** What is stored. The application is another one afterwards. */
  async function stored(): Promise<string> {
    await app.stop();
    const text = await installation.raw();
    app = await TestApp.start(app.variables);
    return text;
  }
  const company = () => companyAt(new ServerClient(app.url));
  const alertIds = async () =>
    (await app.json<{ items: Frame[] }>('GET', '/alerts?after=earliest&limit=500')).items.map(({ id }) => id);

  it('is of somebody of whom every place tells before: what follows is not for want of looking', async () => {
    const answers = await everyAnswer(app);
    const telling = Object.entries(answers).filter(([, text]) => tracesIn(text).length > 0);
    const kinds = telling.map(([path]) => path.replace(/\/[0-9a-f-]{30,}|\/\d+|\?.*| .*/g, ''));
    expect([...new Set(kinds)].sort()).toEqual([
      '/alerts',
      '/alerts/active',
      '/employees',
      '/upload/status',
      '/uploads',
      '/uploads/errors.csv',
      'WebSocket',
      'stream',
    ]);
    expect(tracesIn(await stored())).toEqual(Object.values(VICTIM));
  });

  it('erases every trace, and leaves the company as if the person had never been', async () => {
    const log = app.nest.get(AlertLog);
    await app.nest.get(AlertLogStore).saveCheckpoint({ head: log.head, active: log.active() });
    const [first] = await alertIds();
    const before = await idsAfter(app, 'earliest');
    const live = await webSocketOf(app, 'earliest');
    await live.until(isCaughtUp);

    const response = await remove(app, 'erase');
    expect([response.status, await response.json()]).toEqual([
      200,
      { mode: 'erase', responses: 4, alerts: 4, findings: 3, alerts_raised: 0, alerts_cleared: 1 },
    ]);
    for (const [path, text] of Object.entries(await everyAnswer(app)))
      expect([path, tracesIn(text)]).toEqual([path, []]);

    // Who listens hears of it, under the id by which it was told before.
    await live.until((frames) => frames.some(({ type, replayed }) => type === 'alert_cleared' && !replayed));
    expect(live.frames.at(-1)).toMatchObject({
      type: 'alert_cleared',
      data: { employee_id: VICTIM.id, reason: 'deleted', stress_rate: null },
    });
    await live.close();

    const after = await idsAfter(app, 'earliest');
    expect(after).toEqual([...before, live.frames.at(-1)?.id]);
    expect(await idsAfter(app, String(first))).toEqual(after.slice(1));
    expect(await company()).toEqual(expectedCompany([COLLEAGUES]));
    expect(tracesIn(await stored())).toEqual([]);
    expect(await idsAfter(app, 'earliest')).toEqual(after);
    expect(await company()).toEqual(expectedCompany([COLLEAGUES]));
    expect(await app.json('POST', '/risk/evaluate')).toEqual({ alerts_raised: 0, alerts_cleared: 0 });
  });

  it('leaves messages of the same form, about one who cannot be told from the id', async () => {
    await remove(app, 'erase');
    const { items } = await app.json<{ items: Frame[] }>('GET', '/alerts?after=earliest&limit=500');
    const erased = items.filter(({ data }) => /^erased-[0-9a-f]{20}$/.test(String(data?.employee_id)));
    expect(new Set(erased.map(({ data }) => data?.employee_id)).size).toBe(1);
    expect(erased.map(({ type }) => type)).toEqual([
      'employee_stress',
      'alert_cleared',
      'employee_stress',
      'alert_cleared',
    ]);
    const employee_id: unknown = expect.stringMatching(/^erased-/);
    expect(erased[0]?.data).toEqual({
      employee_id,
      employee_name: 'Erased',
      department: 'Alpha',
      position: 'Erased',
      stress_rate: 0,
      engagement_rate: null,
      attrition_rate: null,
    });
    expect(erased[1]?.data).toEqual({
      alert: 'employee_stress',
      employee_id,
      stress_rate: null,
      raised_id: erased[0]?.id,
      reason: 'recovered',
    });
    const uploads = await app.json<{ items: UploadStatus[] }>('GET', '/uploads');
    const { result, task_id } = uploads.items.find((upload) => upload.result.errors_total > 0) ?? {};
    const csv = await (await app.request(`/api/v1/uploads/${task_id}/errors.csv`)).text();
    const cells = csv.split('\n').map((line) => line.split(','));
    expect(cells.map(([line, column, code]) => [line, column, code])).toEqual([
      ['line', 'column', 'code'],
      ['2', 'employee_id', 'conflicting_duplicate'],
      ['3', 'employee_id', 'conflicting_duplicate'],
      ['4', 'Q15_Label', 'invalid_answer'],
      ['', undefined, undefined],
    ]);
    expect(cells.slice(1, 4).map((line) => line.at(-1))).toEqual(['', '', '9']);
    expect(result?.errors.map(({ value }) => value ?? null)).toEqual([null, null, '9']);
  });

  it('anonymises: the scores stay, in the department and in the log, and nobody is told anything', async () => {
    const before = await company();
    const ids = await alertIds();
    const rates = (text: string) => [...text.matchAll(/"stress_rate":(\d+)/g)].map(([, rate]) => rate).sort();
    const scores = rates(JSON.stringify(await app.json('GET', '/alerts?limit=500')));

    const response = await remove(app, 'anonymise');
    expect([response.status, await response.json()]).toEqual([
      200,
      { mode: 'anonymise', responses: 4, alerts: 3, findings: 3, alerts_raised: 0, alerts_cleared: 0 },
    ]);
    for (const [path, text] of Object.entries(await everyAnswer(app)))
      expect([path, tracesIn(text)]).toEqual([path, []]);
    const after = await company();
    expect(after.departments).toEqual(before.departments);
    const pseudonym = Object.keys(after.employees).find((id) => /^anonymous-[0-9a-f]{20}$/.test(id)) ?? '';
    expect(after.employees).toEqual({
      ...Object.fromEntries(Object.entries(before.employees).filter(([id]) => id !== VICTIM.id)),
      [pseudonym]: ['Alpha', 100],
    });
    expect(after.firing).toEqual(before.firing.map((who) => (who === VICTIM.id ? pseudonym : who)).sort());
    expect(await alertIds()).toEqual(ids);
    expect(rates(JSON.stringify(await app.json('GET', '/alerts?limit=500')))).toEqual(scores);
    expect(await app.json('GET', `/employees/${pseudonym}`)).toMatchObject({
      name: null,
      position: null,
      location: null,
      last_submission_date: '2025-08-01',
    });

    const raw = await stored();
    expect(tracesIn(raw)).toEqual([]);
    expect(await app.json('POST', '/risk/evaluate')).toEqual({ alerts_raised: 0, alerts_cleared: 0 });
    expect((await company()).departments).toEqual(before.departments);
    // All the responses are still there, under ids of which none tells of another.
    expect(new Set(raw.match(new RegExp(`${pseudonym}:[0-9a-f]{20}`, 'g'))).size).toBe(4);
  });

  it('anonymises what an evaluation wrote that was under way meanwhile', async () => {
    const log = app.nest.get(AlertLog);
    const raised = log.find('employee_stress', VICTIM.id);
    if (!raised) throw new Error('Nothing fires for the person');
    const rewrite = log.rewrite.bind(log);
    jest.spyOn(log, 'rewrite').mockImplementationOnce(async (change, after) => {
      const changed = await rewrite(change, after);
      await log.append([clearing(raised, 'deleted', Date.now())], log.head);
      return changed;
    });
    expect((await remove(app, 'anonymise')).status).toBe(200);
    expect(tracesIn(await stored())).toEqual([]);
  });

  it('lets an upload be taken back that an anonymised person was in', async () => {
    await remove(app, 'anonymise');
    const { items } = await app.json<{ items: UploadStatus[] }>('GET', '/uploads');
    const caller = new ServerClient(app.url);
    for (const { task_id, can_undo } of items as (UploadStatus & { can_undo: boolean })[]) {
      if (!can_undo) continue;
      await app.request(`/api/v1/uploads/${task_id}/undo`, { method: 'POST' });
      await caller.finished(task_id);
    }
    expect(await company()).toMatchObject({ employees: {}, firing: [] });
  });

  it.each(['erase', 'anonymise'])(
    '(%s) is done once, and takes a later upload for a new person',
    async (mode) => {
      expect((await remove(app, mode)).status).toBe(200);
      const again = await remove(app, mode);
      expect([again.status, await again.json()]).toMatchObject([404, { code: 'not_found' }]);
      await app.upload(surveyCsv([uniform(VICTIM.id, 1, 'Beta')]));
      expect((await company()).employees[VICTIM.id]).toEqual(['Beta', 100]);
      expect((await company()).firing).toContain(VICTIM.id);
      expect(await app.json('GET', `/employees/${VICTIM.id}`)).toMatchObject({ name: null });
      expect(await (await remove(app, 'erase')).json()).toMatchObject({ responses: 1, alerts_cleared: 2 });
    },
  );

  it('of two requests at once is done by one', async () => {
    const statuses = (await Promise.all([remove(app, 'erase'), remove(app, 'erase')])).map(
      ({ status }) => status,
    );
    expect(statuses.sort()).toEqual([200, 404]);
  });

  it('that failed amid its way is finished by asking again, under the pseudonym of before', async () => {
    const failure = new StorageError('test', new Error('test'));
    jest.spyOn(app.nest.get(DepartmentRollUp), 'refresh').mockRejectedValueOnce(failure);
    jest.spyOn(app.nest.get(UploadReportScrubber), 'remove').mockRejectedValueOnce(failure);
    for (const attempt of [1, 2]) {
      const failed = await remove(app, 'erase');
      expect([attempt, failed.status, await failed.json()]).toMatchObject([
        attempt,
        503,
        { code: 'storage_unavailable' },
      ]);
    }
    expect(await company()).toEqual(expectedCompany([COLLEAGUES]));
    const finished = await remove(app, 'anonymise');
    expect([finished.status, await finished.json()]).toMatchObject([200, { mode: 'erase', responses: 0 }]);
    expect((await remove(app, 'erase')).status).toBe(404);
    const raw = await stored();
    expect(tracesIn(raw)).toEqual([]);
    expect(new Set(raw.match(/(erased|anonymous)-[0-9a-f]{20}/g)).size).toBe(1);
  });

  it('waits for the import that runs: its file does not bring the person back', async () => {
    const uploaded = (await (await app.post(surveyCsv([...COLLEAGUES, ...VICTIMS]))).json()) as UploadStatus;
    expect((await remove(app, 'erase')).status).toBe(200);
    expect(await app.json('GET', `/upload/status/${uploaded.task_id}`)).toMatchObject({
      status: 'completed',
    });
    expect(await company()).toEqual(expectedCompany([COLLEAGUES]));
  });

  it('is refused while another instance imports', async () => {
    await app.nest.get(UploadStore).put(pendingUpload('0'));
    const response = await remove(app, 'erase');
    expect([response.status, response.headers.get('retry-after'), await response.json()]).toMatchObject([
      409,
      '10',
      { code: 'uploads_under_way' },
    ]);
    expect((await company()).employees).toHaveProperty([VICTIM.id]);
  });

  it('finds a person of whom other tools have left only the responses, or only the alerts', async () => {
    const employees = app.nest.get(EmployeeStore);
    await employees.delete(VICTIM.id);
    expect(await (await remove(app, 'erase')).json()).toMatchObject({ responses: 4 });
    await app.upload(surveyCsv([uniform('L1', 1, 'Beta')]));
    await employees.delete('L1');
    await app.nest.get(SurveyResponseStore).deleteMany(['L1:2025-03-01']);
    expect(await (await remove(app, 'erase', 'L1')).json()).toMatchObject({ responses: 0, alerts: 2 });
    expect((await remove(app, 'erase', 'L1')).status).toBe(404);
  });

  it('is not begun once the server stops', async () => {
    jest.spyOn(app.nest.get(Lifecycle), 'phase', 'get').mockReturnValue('draining');
    const response = await remove(app, 'erase');
    expect([response.status, await response.json()]).toMatchObject([503, { code: 'server_stopping' }]);
    expect(await app.nest.get(ErasureStore).list()).toEqual([]);
  });

  it.each(['', '?mode=', '?mode=delete', '?mode=erase&mode=anonymise'])(
    'is refused with %j',
    async (query) => {
      const response = await app.request(`/api/v1/employees/${VICTIM.id}${query}`, { method: 'DELETE' });
      expect([response.status, await response.json()]).toMatchObject([400, { code: 'validation_failed' }]);
      expect((await remove(app, 'erase', 'nobody')).status).toBe(404);
    },
  );

  it('is looked through once more, beside other instances, when these have forgotten the person', async () => {
    const recovery = app.nest.get(UploadRecovery);
    const erasures = app.nest.get(ErasureStore);
    const store = app.nest.get(AlertLogStore);
    const log = app.nest.get(AlertLog);
    await app.nest.get(InstanceStore).beat({ instance: 'other', host: 'elsewhere', pid: 7, beat: 1 });
    const raised = log.find('employee_stress', VICTIM.id);
    if (!raised) throw new Error('Nothing fires for the person');
    expect((await remove(app, 'erase')).status).toBe(200);
    // Another instance wrote this, from what it knew before.
    const first = log.head + 1;
    await store.append({ first, events: [{ ...clearing(raised, 'deleted', 1), id: first }] });

    const clock = jest.spyOn(app.nest.get(Clock), 'now');
    clock.mockReturnValue(Date.now() + 80_000);
    await recovery.look();
    expect(await erasures.list()).toMatchObject([{ employeeId: VICTIM.id, mode: 'erase' }]);
    clock.mockReturnValue(Date.now() + 100_000);
    await recovery.look();
    expect(
      await eventually(
        () => erasures.list(),
        (left) => left.length === 0,
      ),
    ).toEqual([]);
    expect(tracesIn(await stored())).toEqual([]);
  });
});
