import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AlertLog } from '../../src/alerting/log/alert-log.js';
import { isSilenced } from '../../src/domain/alerts/silence.js';
import { AppCaller } from '../support/app/app-caller.js';
import { TestApp } from '../support/app/app.js';
import { SECRET_VARIABLES } from '../support/servers/issuer.js';
import { surveyCsv, uniform } from '../support/generators/survey.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';
import type { Frame } from '../support/clients/ws-client.js';

const HERA = new AppCaller({ role: 'hr', sub: 'hera' });
const ROOT = new AppCaller({ role: 'admin', sub: 'root' });
const MAX = new AppCaller({ role: 'manager', sub: 'max', departments: ['sales'] });
const VERA = new AppCaller({ role: 'viewer', sub: 'vera' });
const LOADER = new AppCaller({ role: 'service', sub: 'loader' });
const HOUR = 3_600_000;
const SALES = { matcher: { departments: ['Sales'] }, duration: '2h', reason: 'A rehearsal' };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let app: TestApp;

beforeEach(async () => {
  folder = await temporaryFolder();
  app = await TestApp.start({ ...SECRET_VARIABLES, DATA_DIR: folder.path });
});
afterEach(async () => {
  await app.stop();
  await folder.remove();
});

const set = (body: unknown, who = HERA) => who.call(app, 'POST', '/silences', body);
const list = () => HERA.items(app, '/silences');
const get = async (id: unknown) => (await HERA.call(app, 'GET', `/silences/${String(id)}`)).status;
const end = async (id: unknown, who = HERA) =>
  (await who.call(app, 'DELETE', `/silences/${String(id)}`)).status;
const log = () => HERA.items<Frame>(app, '/alerts?after=earliest&limit=500');
const time = (ms: number) => new Date(Date.now() + ms).toISOString();
const upload = async (answer: number, date = '2025-03-01') =>
  app.upload(surveyCsv([uniform('E1', answer, 'Sales', date)]), {}, await HERA.headers());
const isOfSilences = ({ type }: Frame) => type.startsWith('silence');

describe('a silence', () => {
  it('is set, listed, shown and ended', async () => {
    const before = Date.now();
    const { status, body, headers } = await set(SALES);
    expect(status).toBe(201);
    expect(body).toEqual({
      silence_id: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-7/),
      matcher: { types: null, departments: ['Sales'], employee_ids: null, department_ids: null },
      starts_at: expect.any(String),
      ends_at: expect.any(String),
      by: 'hera',
      reason: 'A rehearsal',
    });
    const [startsAt, endsAt] = [body.starts_at, body.ends_at].map((text) => Date.parse(String(text)));
    expect(startsAt).toBeGreaterThanOrEqual(before);
    expect(endsAt).toBe((startsAt ?? 0) + 2 * HOUR);
    expect(headers.get('location')).toBe(`/api/v1/silences/${String(body.silence_id)}`);
    expect((await HERA.call(app, 'GET', `/silences/${String(body.silence_id)}`)).body).toEqual(body);
    const later = await set({ ...SALES, starts_at: time(HOUR) });
    expect(await list()).toEqual([later.body, body]);

    expect(await end(body.silence_id)).toBe(204);
    expect(await list()).toEqual([later.body]);
    expect([await end(body.silence_id), await get(body.silence_id)]).toEqual([404, 404]);
    expect([await end('garbage'), await get('00000000-0000-7000-8000-000000000000')]).toEqual([404, 404]);
    expect((await log()).filter(isOfSilences)).toEqual([
      { type: 'silence_set', id: expect.any(String), timestamp: expect.any(String), data: body },
      { type: 'silence_set', id: expect.any(String), timestamp: expect.any(String), data: later.body },
      {
        type: 'silence_ended',
        id: expect.any(String),
        timestamp: expect.any(String),
        data: { silence_id: body.silence_id, by: 'hera' },
      },
    ]);
  });

  it('keeps every part of what it covers', async () => {
    for (const matcher of [
      { types: ['employee_stress'], departments: ['Sales', 'Säles'], employee_ids: ['E1', 'E2'] },
      { types: ['department_critical', 'employee_stress'], department_ids: ['dept-sales'] },
    ]) {
      const { body } = await set({ ...SALES, matcher });
      expect(body.matcher).toMatchObject(matcher);
    }
  });

  it.each<[string, object]>([
    ['no reason', { reason: undefined }],
    ['a blank reason', { reason: ' \n ' }],
    ['a reason of 1,001 characters', { reason: 'x'.repeat(1_001) }],
    ['no matcher', { matcher: undefined }],
    ['a matcher without a part', { matcher: {} }],
    ['a matcher that is a text', { matcher: 'Sales' }],
    ['an empty list', { matcher: { departments: [] } }],
    ['101 names', { matcher: { departments: Array.from({ length: 101 }, (_, n) => `D${n}`) } }],
    ['an unknown type', { matcher: { types: ['alert_cleared'] } }],
    ['an unknown part', { matcher: { positions: ['Rep'] } }],
    ['employees and departments by id', { matcher: { employee_ids: ['E1'], department_ids: ['D1'] } }],
    [
      'employees and the type of departments',
      { matcher: { employee_ids: ['E1'], types: ['department_critical'] } },
    ],
    [
      'departments and the type of employees',
      { matcher: { department_ids: ['D1'], types: ['employee_stress'] } },
    ],
    ['no end', { duration: undefined }],
    ['two ends', { ends_at: time(HOUR) }],
    ['no time at all', { duration: '0h' }],
    ['a duration in words', { duration: 'two hours' }],
    ['more than a year', { duration: '367d' }],
    ['more than a year, later', { starts_at: time(300 * 24 * HOUR), duration: '100d' }],
    ['an end before its begin', { duration: undefined, starts_at: time(2 * HOUR), ends_at: time(HOUR) }],
    ['an end that is over', { starts_at: time(-3 * HOUR) }],
    ['a time that is none', { starts_at: 'tomorrow' }],
  ])('with %s is refused', async (_, change) => {
    const { status, body } = await set({ ...SALES, ...change });
    expect([status, body.code]).toEqual([400, 'validation_failed']);
    expect(await log()).toEqual([]);
  });

  it('that has run out is not there any more, and nobody ends it', async () => {
    const { body } = await set({ ...SALES, duration: undefined, starts_at: time(-HOUR), ends_at: time(300) });
    const { silence_id: id } = body;
    while ((await get(id)) === 200) expect(Date.now()).toBeLessThan(Date.parse(String(body.ends_at)) + HOUR);
    expect([await end(id), await list()]).toEqual([404, []]);
    expect((await log()).filter(isOfSilences).map(({ type }) => type)).toEqual(['silence_set']);
    const client = await HERA.subscribe(app, '?last_event_id=1');
    await client.until((frames) => frames.some(({ type }) => type === 'snapshot'));
    expect(client.frames.find(({ type }) => type === 'snapshot')?.data).toEqual({ active: [] });
    await client.close();
  });
});

describe('silences', () => {
  it('are told to v1 and the event stream, live and replayed, and not in the plain profile', async () => {
    const [plain, v1] = await Promise.all([HERA.subscribe(app), HERA.subscribe(app, '?v=1')]);
    const stream = await HERA.stream(app);
    const { body } = await set(SALES);
    await end(body.silence_id);
    const events = (await log()).filter(isOfSilences);
    await stream.until((frames) => frames.filter(isOfSilences).length === 2);
    await Promise.all([plain.flushed(), v1.flushed()]);
    expect(v1.frames.filter(isOfSilences)).toEqual(events);
    expect(stream.frames.filter(isOfSilences)).toEqual(events);
    expect(plain.frames.map(({ type }) => type)).toEqual(['connection', 'pong']);
    await stream.close();
    app = await app.restart();
    const replay = await HERA.subscribe(app, '?last_event_id=earliest');
    await replay.until((frames) => frames.some(({ type }) => type === 'replay_complete'));
    expect(replay.frames.filter(isOfSilences)).toEqual(events.map((event) => ({ ...event, replayed: true })));
    await replay.close();
  });

  it.each([
    ['?types=silence_set', ['silence_set']],
    ['?types=silence_ended,alert_cleared', ['silence_ended']],
    ['?types=employee_stress', []],
    ['?departments=Sales', []],
  ])('pass a filter when they are named: %s', async (query, expected) => {
    const client = await HERA.subscribe(app, query);
    await end((await set(SALES)).body.silence_id);
    await client.flushed();
    expect(client.frames.filter(isOfSilences).map(({ type }) => type)).toEqual(expected);
    await client.close();
  });

  it('are for admin and hr alone, to set and to see', async () => {
    const others = await Promise.all([MAX, VERA].map((who) => who.subscribe(app, '?v=1')));
    const { body } = await set(SALES, ROOT);
    for (const who of [MAX, VERA, LOADER]) {
      expect((await set(SALES, who)).status).toBe(403);
      expect(await end(body.silence_id, who)).toBe(403);
      for (const path of ['/silences', `/silences/${String(body.silence_id)}`])
        expect((await who.call(app, 'GET', path)).status).toBe(403);
    }
    const [event] = (await log()).filter(isOfSilences);
    for (const who of [MAX, VERA]) {
      expect(await who.items(app, '/alerts')).toEqual([]);
      expect((await who.call(app, 'GET', `/alerts/${event?.id ?? ''}`)).status).toBe(404);
    }
    for (const client of others) {
      await client.flushed();
      expect(client.frames.filter(isOfSilences)).toEqual([]);
      await client.close();
    }
    expect(await list()).toEqual([body]);
    expect(await end(body.silence_id)).toBe(204);
    // Lines of what was read are kept a little later, but before a stop.
    app = await app.restart();
    const audited = await ROOT.items<{ action: string; outcome: string; subject: string; target: string }>(
      app,
      '/audit?outcome=allowed&target=silences',
    );
    const target = `silences/${String(body.silence_id)}`;
    expect(audited).toMatchObject([
      { action: 'silences.end', subject: 'hera', target },
      { action: 'alerts.read', subject: 'hera', target: 'silences' },
      { action: 'silences.set', subject: 'root', target },
    ]);
  });

  it('keep no alert from being raised, cleared and told', async () => {
    await set(SALES);
    const client = await HERA.subscribe(app);
    await upload(1);
    await upload(5, '2025-09-01');
    await upload(1, '2025-10-01');
    await client.until(() => client.alerts.length === 4);
    expect((await log()).map(({ type }) => type)).toEqual([
      'silence_set',
      ...['employee_stress', 'department_critical', 'alert_cleared', 'alert_cleared'],
      ...['employee_stress', 'department_critical'],
    ]);
    const known = app.nest.get(AlertLog);
    const active = known.active();
    expect(active).toHaveLength(2);
    expect(active.map((event) => isSilenced(event, known.silences(), Date.now()))).toEqual([true, true]);
    await client.close();
  });

  it('outlive a restart, and the record that held them; one that was ended stays so', async () => {
    const { body } = await set(SALES);
    const other = await set({ ...SALES, matcher: { types: ['employee_stress'] } });
    await end(other.body.silence_id);
    app = await app.restart();
    expect(await list()).toEqual([body]);
    await upload(1);
    await app.nest.get(AlertLog).trim(app.nest.get(AlertLog).head);
    app = await app.restart();
    expect(await list()).toEqual([body]);
    const client = await HERA.subscribe(app, '?last_event_id=1');
    await client.until((frames) => frames.some(({ type }) => type === 'snapshot'));
    const { data } = client.frames.find(({ type }) => type === 'snapshot') ?? {};
    expect(data?.silences).toMatchObject([{ type: 'silence_set', data: body }]);
    await client.close();
    const narrow = await MAX.subscribe(app, '?last_event_id=1');
    await narrow.until((frames) => frames.some(({ type }) => type === 'snapshot'));
    expect(narrow.frames.find(({ type }) => type === 'snapshot')?.data).not.toHaveProperty('silences');
    await narrow.close();
    expect(await end(body.silence_id)).toBe(204);
  });

  it('are at most 1,000', async () => {
    const known = app.nest.get(AlertLog);
    const at = Date.now();
    const silence = { kind: 'silence_set', at, startsAt: at, endsAt: at + HOUR, by: 'hera' } as const;
    const many = Array.from({ length: 999 }, (_, n) => ({
      ...{ ...silence, silenceId: `S${n}`, matcher: {}, reason: 'One of many' },
    }));
    await known.append(many, known.head);
    expect((await set(SALES)).status).toBe(201);
    const { status, body } = await set(SALES);
    expect([status, body.code]).toEqual([409, 'too_many_silences']);
    expect(await end('S7')).toBe(204);
    expect((await set(SALES)).status).toBe(201);
  });
});
