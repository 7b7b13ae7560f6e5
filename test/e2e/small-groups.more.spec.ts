import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Department } from '../../src/domain/people/department.js';
import { NO_METRICS } from '../../src/domain/surveys/scores.js';
import { DepartmentStore } from '../../src/storage/ports/entity.store.js';
import { TestApp } from '../support/app/app.js';
import { eventually } from '../support/app/eventually.js';
import { SseClient } from '../support/clients/sse-client.js';
import { surveyCsv, uniform } from '../support/generators/survey.js';
import { WsClient, type Frame } from '../support/clients/ws-client.js';
import { onEachStorage, type Installation } from '../support/storage/storages.js';

interface Row {
  readonly department_name: string;
  readonly scores_withheld: boolean;
  readonly [name: string]: unknown;
}
interface Alert {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const team = (name: string, size: number, answer: number) =>
  Array.from({ length: size }, (_, n) => uniform(`${name}-${n}`, answer, name));
/** All are critical. */
const COMPANY = surveyCsv([...team('Pico', 2, 1), ...team('Mid', 6, 2), ...team('Large', 9, 1)]);
const MORE = surveyCsv(Array.from({ length: 4 }, (_, n) => uniform(`New-${n}`, 2, 'Pico')));
const WITHHELD = {
  scores_withheld: true,
  respondents: null,
  overall_risk: null,
  engagement_score: null,
  stress_rate: null,
  engagement_rate: null,
  attrition_rate: null,
  dimensions: {},
};

/** Small groups, over HTTP and WebSocket. */
onEachStorage('MIN_GROUP_SIZE on %s', (install) => {
  let installation: Installation;
  let app: TestApp;
  let live: WsClient;
  let grown = '';

  const start = (size: string) => TestApp.start({ ...installation.variables, MIN_GROUP_SIZE: size });
  const socket = (query: string) =>
    WsClient.connect(`${app.url.replace('http', 'ws')}/api/v1/ws/alerts${query}`);
  beforeAll(async () => {
    installation = await install();
    app = await start('5');
    live = await socket('?v=1');
  });
  afterAll(async () => {
    await app.stop();
    await installation.remove();
  });

  const rows = async (query = '') => {
    const { items } = await app.json<{ items: Row[] }>('GET', `/departments${query}`);
    return items.sort((a, b) => (a.department_name < b.department_name ? -1 : 1));
  };
  const shown = async (query = '') =>
    (await rows(query)).flatMap((row) => (row.scores_withheld ? [] : [row.department_name])).sort();
  /** Of the alerts of departments: who, or who is cleared and how. */
  const told = (alerts: readonly Alert[]) =>
    alerts
      .flatMap(({ type, data }) => {
        if (type === 'department_critical') return [data.department_name];
        if (data.alert !== 'department_critical') return [];
        return [`${String(data.department_id)} ${String(data.reason)} ${String(data.overall_risk)}`];
      })
      .sort();
  const firing = async () =>
    told((await app.json<{ items: Alert[] }>('GET', '/alerts/active?limit=500')).items);
  async function preview(csv: string): Promise<unknown[]> {
    const { result } = await app.upload(csv, { dry_run: 'true' });
    return told((result as unknown as { preview: { alerts: Alert[] } }).preview.alerts);
  }
  /** What a client that comes now is told: by replay, by snapshot, and by a stream. */
  async function toldToNewcomers(): Promise<Record<string, unknown[]>> {
    const isComplete = (frames: readonly Frame[]) => frames.some(({ type }) => type === 'replay_complete');
    const isSnapshot = (frames: readonly Frame[]) => frames.some(({ type }) => type === 'snapshot');
    const [replay, snapshot] = await Promise.all([
      socket('?last_event_id=earliest'),
      socket('?last_event_id=12'),
    ]);
    const stream = await SseClient.connect(`${app.url}/api/v1/alerts/stream?last_event_id=earliest`);
    await Promise.all([replay.until(isComplete), snapshot.until(isSnapshot), stream.until(isComplete)]);
    const active = snapshot.frames.flatMap(({ data }) => (data?.active ?? []) as Alert[]);
    const seen = {
      replay: told(alertsOf(replay.frames)),
      stream: told(alertsOf(stream.frames)),
      snapshot: told(active),
      log: told((await app.json<{ items: Alert[] }>('GET', '/alerts?limit=500')).items),
    };
    await Promise.all([replay.close(), snapshot.close(), stream.close()]);
    return seen;
  }
  const everywhere = (names: readonly string[]) => ({
    replay: names,
    stream: names,
    snapshot: names,
    log: names,
  });
  async function edit(id: string, change: (current?: Department) => Department | undefined): Promise<void> {
    await app.nest.get(DepartmentStore).mutate([id], (_id, current) => change(current));
  }

  it('shows no score of a small department, nor of the next smallest, and raises nothing for them', async () => {
    expect(await preview(COMPANY)).toEqual(['Large']);
    // 17 people are stressed all the same.
    expect((await app.upload(COMPANY)).result).toMatchObject({ alerts_raised: 18 });
    expect(await rows()).toMatchObject([
      { department_name: 'Large', scores_withheld: false, respondents: 9, overall_risk: 'critical' },
      { department_name: 'Mid', ...WITHHELD },
      { department_name: 'Pico', ...WITHHELD },
    ]);
    expect(await app.json('GET', '/departments/dept-pico')).toMatchObject(WITHHELD);
    expect((await rows('?overall_risk=critical')).map((row) => row.department_name)).toEqual(['Large']);
    expect(told(alertsOf(await live.flushed()))).toEqual(['Large']);
    expect(await toldToNewcomers()).toEqual(everywhere(['Large']));
  });

  it('keeps no score of them in the table that other tools read', async () => {
    const stored = await app.nest.get(DepartmentStore).getMany(['dept-pico', 'dept-mid']);
    for (const department of stored.values()) {
      const { departmentId, departmentName, metricsUpdatedAt, metricsRevision, ...rest } = department;
      expect([departmentId, rest]).toEqual([
        `dept-${departmentName.toLowerCase()}`,
        { metrics: NO_METRICS, withheld: true, minGroupSize: 5 },
      ]);
      expect([typeof metricsUpdatedAt, typeof metricsRevision]).toEqual(['string', 'number']);
    }
    expect(stored.size).toBe(2);
  });

  it.each(['dept-pico', 'dept-mid'])('refuses an edit of %s, and says why', async (id) => {
    const response = await app.request(`/api/v1/departments/${id}`, {
      method: 'PATCH',
      body: JSON.stringify({ overall_risk: 'critical' }),
      headers: { 'Content-Type': 'application/json' },
    });
    expect([response.status, await response.json()]).toMatchObject([409, { code: 'group_too_small' }]);
  });

  it('does not raise for them what other tools write', async () => {
    await edit('dept-pico', (row) => row && { ...row, overallRisk: 'critical', engagementScore: 3 });
    const departmentId = 'dept-of-another-tool';
    await edit(departmentId, () => ({
      departmentId,
      departmentName: 'Foreign',
      metrics: NO_METRICS,
      overallRisk: 'critical',
    }));
    expect(await app.json('POST', '/risk/evaluate')).toEqual({ alerts_raised: 0, alerts_cleared: 0 });
    expect(await shown()).toEqual(['Large']);
    expect((await rows('?overall_risk=critical')).map((row) => row.department_name)).toEqual(['Large']);
    expect(await app.json('GET', '/departments/dept-pico')).toMatchObject(WITHHELD);
    expect(await app.json('POST', '/sync')).toMatchObject({ departments_changed: 2 });
    expect(JSON.stringify(await app.nest.get(DepartmentStore).getMany(['dept-pico']))).not.toContain('3');
    await app.nest.get(DepartmentStore).delete(departmentId);
    expect(await firing()).toEqual(['Large']);
  });

  it('shows and raises them once the small one has grown, though only one is in the file', async () => {
    expect(await preview(MORE)).toEqual(['Mid', 'Pico']);
    const { task_id, result } = await app.upload(MORE);
    grown = task_id;
    expect(result).toMatchObject({ alerts_raised: 6, alerts_cleared: 0 });
    expect(await shown()).toEqual(['Large', 'Mid', 'Pico']);
    expect(await firing()).toEqual(['Large', 'Mid', 'Pico']);
    expect(await app.json('GET', '/departments/dept-mid')).toMatchObject({
      respondents: 6,
      engagement_score: 25,
    });
    expect(told(alertsOf(await live.flushed()))).toEqual(['Large', 'Mid', 'Pico']);
  });

  it('hides them again after an undo, and clears without a word of how they are', async () => {
    await app.request(`/api/v1/uploads/${grown}/undo`, { method: 'POST' });
    await eventually(firing, (names) => names.length === 1);
    const undone = ['Large', 'Mid', 'Pico', 'dept-mid deleted null', 'dept-pico deleted null'];
    expect(await rows()).toMatchObject([{}, WITHHELD, WITHHELD]);
    expect(await toldToNewcomers()).toEqual({
      ...everywhere(undone),
      snapshot: ['Large'],
    });
    expect(told(alertsOf(await live.flushed()))).toEqual(undone);
  });

  it('hides and shows a department when people move between two others', async () => {
    await app.upload(surveyCsv(team('Next', 4, 5)));
    // Pico and Next are six together: that is enough for Mid to be seen.
    expect(await shown()).toEqual(['Large', 'Mid']);
    await app.json('PATCH', '/employees/Large-0', { department: 'Next' });
    expect(await shown()).toEqual(['Large', 'Mid']);
    await app.json('PATCH', '/employees/Large-1', { department: 'Next' });
    // Now Next is as large as Mid, whose id is the lower one.
    expect(await shown()).toEqual(['Large', 'Next']);
    expect(await app.json('POST', '/sync')).toMatchObject({ departments_changed: 0 });
  });

  it('takes effect at the next start when it is changed, and leaves in peace who stays shown', async () => {
    await app.stop();
    app = await start('1');
    expect(await eventually(shown, (names) => names.length === 4)).toHaveLength(4);
    expect(await eventually(firing, (names) => names.length === 3)).toEqual(['Large', 'Mid', 'Pico']);
    await app.stop();
    app = await start('5');
    // From the first moment on, before anything is rolled up again.
    expect(await shown()).not.toContain('Pico');
    expect(await eventually(firing, (names) => names.length === 1)).toEqual(['Large']);
    expect(await eventually(shown, (names) => names.length === 2)).toEqual(['Large', 'Next']);
    const { log = [] } = await toldToNewcomers();
    expect(log.filter((one) => /large/i.test(String(one)))).toEqual(['Large']);
  });
});

function alertsOf(frames: readonly Frame[]): Alert[] {
  return frames.flatMap(({ type, data }) => (data && type !== 'snapshot' ? [{ type, data }] : []));
}
