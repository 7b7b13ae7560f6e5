import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AlertLog } from '../../src/alerting/log/alert-log.js';
import { AppCaller } from '../support/app/app-caller.js';
import { TestApp } from '../support/app/app.js';
import { eventually } from '../support/app/eventually.js';
import { SECRET_VARIABLES } from '../support/servers/issuer.js';
import { ServerProcess } from '../support/app/server-process.js';
import { surveyCsv, uniform } from '../support/generators/survey.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';
import type { Frame } from '../support/clients/ws-client.js';

const HERA = new AppCaller({ role: 'hr', sub: 'hera' });
const ROOT = new AppCaller({ role: 'admin', sub: 'root' });
const MAX = new AppCaller({ role: 'manager', sub: 'max', departments: ['sales'] });
const VERA = new AppCaller({ role: 'viewer', sub: 'vera' });
const LOADER = new AppCaller({ role: 'service', sub: 'loader' });
const PLAIN_TYPES = ['employee_stress', 'department_critical'];

type Active = Frame & { acknowledged?: unknown };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let app: TestApp;

beforeEach(async () => {
  folder = await temporaryFolder();
  app = await TestApp.start({ ...SECRET_VARIABLES, MANAGERS_SEE_EMPLOYEES: 'true', DATA_DIR: folder.path });
  await upload(1);
});
afterEach(async () => {
  await app.stop();
  await folder.remove();
});

/** E1 of Sales and L1 of Legal give these answers: with 1 both fire, and their departments. */
async function upload(answer: number, date = '2025-03-01'): Promise<void> {
  const rows = [uniform('E1', answer, 'Sales', date), uniform('L1', answer, 'Legal', date)];
  await app.upload(surveyCsv(rows), {}, await HERA.headers());
}
const active = () => HERA.items<Active>(app, '/alerts/active');
/** The raise that fires for an employee or a department. */
async function raiseOf(entity: string): Promise<string> {
  const found = (await active()).find(({ data }) =>
    [data?.employee_id, data?.department_id].includes(entity),
  );
  if (found?.id === undefined) throw new Error(`Nothing fires for ${entity}`);
  return found.id;
}
const acknowledge = (id: string, body?: object, who = HERA) =>
  who.call(app, 'POST', `/alerts/${id}/acknowledge`, body);
const codeOf = async (answer: ReturnType<typeof acknowledge>) => {
  const { status, body } = await answer;
  return [status, body.code];
};
const log = () => HERA.items<Frame>(app, '/alerts?after=earliest&limit=500');

describe('acknowledging an alert', () => {
  it('answers the message that stands in the log, and shows it where the alert fires', async () => {
    const id = await raiseOf('E1');
    const before = (await active()).find((alert) => alert.id === id);
    const { status, body } = await acknowledge(id, { comment: 'I talk to her on Monday.' });
    expect([status, body]).toEqual([
      200,
      {
        type: 'alert_acknowledged',
        id: expect.stringMatching(/^\d+$/),
        timestamp: expect.any(String),
        data: {
          alert: 'employee_stress',
          employee_id: 'E1',
          raised_id: id,
          by: 'hera',
          comment: 'I talk to her on Monday.',
        },
      },
    ]);
    expect((await log()).at(-1)).toEqual(body);
    expect((await HERA.call(app, 'GET', `/alerts/${String(body.id)}`)).body).toEqual(body);
    expect(await HERA.items(app, '/alerts?type=alert_acknowledged')).toEqual([body]);
    expect(await HERA.items(app, '/alerts?type=alert_acknowledged&department=legal')).toEqual([]);
    const alerts = await active();
    const { id: at, timestamp } = body;
    expect(alerts.find((alert) => alert.id === id)).toEqual({
      ...before,
      acknowledged: { id: at, timestamp, by: 'hera', comment: 'I talk to her on Monday.' },
    });
    expect(alerts.filter((alert) => 'acknowledged' in alert)).toHaveLength(1);
  });

  it('of a department needs no words, and no body', async () => {
    const id = await raiseOf('dept-sales');
    const { status, body } = await acknowledge(id);
    expect([status, body.data]).toEqual([
      200,
      { alert: 'department_critical', department_id: 'dept-sales', raised_id: id, by: 'hera', comment: null },
    ]);
  });

  it('twice, or by many at once, is done once: the first one is answered', async () => {
    const id = await raiseOf('E1');
    const many = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        acknowledge(id, { comment: `comment ${n}` }, n % 2 === 0 ? HERA : ROOT),
      ),
    );
    const again = await acknowledge(id, { comment: 'Me too' }, MAX);
    expect(new Set([...many, again].map(({ status, body }) => JSON.stringify([status, body]))).size).toBe(1);
    expect((await log()).filter(({ type }) => type === 'alert_acknowledged')).toEqual([again.body]);
  });

  it('is told over v1 and the event stream, live and replayed, and not in the plain profile', async () => {
    const last = (await log()).at(-1)?.id ?? '';
    const [plain, v1] = await Promise.all([HERA.subscribe(app), HERA.subscribe(app, '?v=1')]);
    const stream = await HERA.stream(app);
    const { body } = await acknowledge(await raiseOf('E1'));
    await stream.until((frames) => frames.at(-1)?.type === 'alert_acknowledged');
    expect(stream.events.at(-1)).toEqual({ id: body.id, event: 'alert_acknowledged', frame: body });
    await stream.close();
    await Promise.all([plain.flushed(), v1.flushed()]);
    expect(plain.frames.map(({ type }) => type)).toEqual(['connection', 'pong']);
    expect(v1.frames.filter(({ type }) => type === 'alert_acknowledged')).toEqual([body]);

    app = await app.restart();
    const replay = await HERA.subscribe(app, `?last_event_id=${last}`);
    await replay.until((frames) => frames.some(({ type }) => type === 'replay_complete'));
    expect(replay.frames[1]).toEqual({ ...body, replayed: true });
    await replay.close();
    const again = await HERA.subscribe(app);
    await upload(5, '2025-09-01');
    await upload(1, '2025-10-01');
    await again.until(() => again.alerts.length === 4);
    expect(again.alerts.every(({ type }) => PLAIN_TYPES.includes(type))).toBe(true);
    await again.close();
  });

  it.each([
    ['employee_stress', 1],
    ['alert_acknowledged', 1],
    ['department_critical', 0],
    ['alert_cleared', 0],
  ])('passes a filter for %s: %d', async (types, count) => {
    const client = await HERA.subscribe(app, `?types=${types}`);
    await acknowledge(await raiseOf('E1'));
    await client.flushed();
    expect(client.frames.filter(({ type }) => type === 'alert_acknowledged')).toHaveLength(count);
    await client.close();
  });

  it('is refused of what does not fire, and of what is no alert', async () => {
    const id = await raiseOf('E1');
    const { body } = await acknowledge(id);
    await upload(5, '2025-09-01');
    const clear = (await log()).find(({ type }) => type === 'alert_cleared')?.id ?? '';
    for (const over of [id, String(body.id), clear])
      expect(await codeOf(acknowledge(over))).toEqual([409, 'not_firing']);
    for (const unknown of ['1', '999999999999999', 'garbage', '-1', '1e3', '0x1'])
      expect(await codeOf(acknowledge(unknown))).toEqual([404, 'not_found']);
  });

  it.each([
    ['1,001 characters', { comment: 'x'.repeat(1_001) }, 400, 'validation_failed'],
    ['a number', { comment: 7 }, 400, 'validation_failed'],
    ['another field', { commment: 'x' }, 400, 'validation_failed'],
    ['a list', [], 400, 'validation_failed'],
    ['1,000 characters', { comment: 'x'.repeat(1_000) }, 200, undefined],
    ['nothing', {}, 200, undefined],
  ])('with a body that holds %s', async (_, body, status, code) => {
    expect(await codeOf(acknowledge(await raiseOf('E1'), body))).toEqual([status, code]);
  });

  it('does not drop words that came as something else than JSON', async () => {
    const path = `/alerts/${await raiseOf('E1')}/acknowledge`;
    const text = { headers: { 'Content-Type': 'text/plain' }, body: 'comment' };
    expect(await codeOf(HERA.send(app, 'POST', path, text))).toEqual([415, 'unsupported_media_type']);
    expect((await log()).at(-1)?.type).not.toBe('alert_acknowledged');
  });
});

describe('who acknowledges', () => {
  it('are hr, admin, and a manager for what it sees', async () => {
    expect(await codeOf(acknowledge(await raiseOf('E1'), {}, MAX))).toEqual([200, undefined]);
    expect(await codeOf(acknowledge(await raiseOf('dept-sales'), {}, ROOT))).toEqual([200, undefined]);
    const foreign = await acknowledge(await raiseOf('L1'), {}, MAX);
    expect([foreign.status, foreign.body.code]).toEqual([404, 'not_found']);
    for (const who of [VERA, LOADER])
      expect(await codeOf(acknowledge(await raiseOf('dept-legal'), {}, who))).toEqual([403, 'forbidden']);
  });

  it('is told to those who see the alert, and in the audit log', async () => {
    const [viewer, manager] = [await VERA.subscribe(app, '?v=1'), await MAX.subscribe(app, '?v=1')];
    const [person, sales, legal] = [
      await acknowledge(await raiseOf('L1')),
      await acknowledge(await raiseOf('dept-sales')),
      await acknowledge(await raiseOf('dept-legal')),
    ];
    await Promise.all([viewer.flushed(), manager.flushed()]);
    const told = (frames: readonly Frame[]) => frames.filter(({ type }) => type === 'alert_acknowledged');
    expect(told(viewer.frames)).toEqual([sales.body, legal.body]);
    expect(told(manager.frames)).toEqual([sales.body]);
    expect((await MAX.call(app, 'GET', `/alerts/${String(person.body.id)}`)).status).toBe(404);
    await Promise.all([viewer.close(), manager.close()]);
    const lines = await ROOT.items(app, '/audit?action=alerts.acknowledge');
    expect(lines.map(({ subject, target }) => [subject, target])).toEqual(
      [legal, sales, person].map(({ body }) => [
        'hera',
        `alerts/${String((body.data as Record<string, unknown>).raised_id)}`,
      ]),
    );
  });
});

describe('an acknowledgement', () => {
  const acknowledged = async () => (await active()).filter((alert) => 'acknowledged' in alert);

  it('outlives a restart, and the record that held it', async () => {
    const id = await raiseOf('E1');
    const { body } = await acknowledge(id, { comment: 'Seen' });
    const before = await acknowledged();
    expect(before).toHaveLength(1);
    app = await app.restart();
    expect(await acknowledged()).toEqual(before);

    await acknowledge(await raiseOf('dept-legal'));
    const { nest } = app;
    await nest.get(AlertLog).trim(nest.get(AlertLog).head);
    app = await app.restart();
    expect((await acknowledged()).map((alert) => alert.id)).toContain(id);
    expect(await acknowledge(id, { comment: 'Again' })).toMatchObject({ status: 200, body });
    const client = await HERA.subscribe(app, '?last_event_id=1');
    await client.until((frames) => frames.some(({ type }) => type === 'snapshot'));
    const { data } = client.frames.find(({ type }) => type === 'snapshot') ?? {};
    expect(data?.acknowledged).toContainEqual(body);
    expect((data?.active as Frame[]).some((alert) => 'acknowledged' in alert)).toBe(false);
    await client.close();
  });

  it('ends with its alert: at its clear, and at a reset', async () => {
    await acknowledge(await raiseOf('E1'));
    await upload(5, '2025-09-01');
    await upload(1, '2025-10-01');
    expect(await acknowledged()).toEqual([]);
    await acknowledge(await raiseOf('E1'));
    await acknowledge(await raiseOf('dept-sales'));
    expect(await acknowledged()).toHaveLength(2);
    await ROOT.call(app, 'POST', '/alerts/reset');
    await ROOT.call(app, 'POST', '/risk/evaluate');
    expect(await active()).toHaveLength(4);
    expect(await acknowledged()).toEqual([]);
  });

  it('is known to every instance on the store, and made by one of them', async () => {
    const other = await ServerProcess.start({ ...app.variables, LOG_LEVEL: 'info' });
    try {
      const id = await raiseOf('E1');
      const answers = await Promise.all(
        [app, other, app, other].map((at) => HERA.call(at, 'POST', `/alerts/${id}/acknowledge`)),
      );
      expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
      await app.nest.get(AlertLog).refresh();
      expect(await acknowledged()).toHaveLength(1);
      const alerts = await active();
      const isSame = (there: readonly Active[]) => JSON.stringify(there) === JSON.stringify(alerts);
      expect(await eventually(() => HERA.items<Active>(other, '/alerts/active'), isSame)).toEqual(alerts);
    } finally {
      await other.end('SIGTERM');
    }
  });
});
