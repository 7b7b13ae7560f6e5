import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { WebSocket } from 'ws';
import { AlertLog } from '../../../src/alerting/log/alert-log.js';
import type { AlertDecision } from '../../../src/domain/alerts/alert.js';
import { isEntityEvent, type EntityEvent } from '../../../src/domain/alerts/log-event.js';
import { PROJECT } from '../../support/project.js';
import { append } from '../../support/app/alert-logs.js';
import { TestApp } from '../../support/app/app.js';
import { SECRET_VARIABLES, tokenOf, type Claims } from '../../support/servers/issuer.js';
import { Random } from '../../support/generators/random.js';
import { temporaryFolder } from '../../support/app/temporary-folder.js';

/** Enough that each kind of event comes in each department; `long` takes ten times as many. */
const EVENTS = Number(process.env.PULSEWATCH_POLICY_EVENTS ?? (PROJECT === 'long' ? 10_000 : 1_000));
const BATCH = 500;
const NOW = Date.now();
const DEPARTMENTS = ['Sales', 'Legal, EU', 'R&D', 'Größe', 'sales', ' SALES ', 'Sales 2', 'all', '*', ''];
const seed = Number(process.env.PULSEWATCH_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** Who asks, and what of the log the README says is for its eyes. Written anew, not with the code under test. */
interface Asker {
  readonly name: string;
  readonly claims: Claims;
  readonly managersSeePeople: boolean;
  readonly mayRead: boolean;
  readonly sees: (event: EntityEvent) => boolean;
}
const isSales = ({ department }: EntityEvent): boolean => department.trim().toLowerCase() === 'sales';
const ofDepartment = ({ alert }: EntityEvent): boolean => alert === 'department_critical';
const own = { departments: ['Sales', ''] };
const ASKERS: readonly Asker[] = [
  { name: 'admin', claims: { role: 'admin' }, managersSeePeople: false, mayRead: true, sees: () => true },
  { name: 'hr', claims: { role: 'hr' }, managersSeePeople: false, mayRead: true, sees: () => true },
  {
    name: 'manager',
    claims: { role: 'manager', ...own },
    managersSeePeople: false,
    mayRead: true,
    sees: (event) => isSales(event) && ofDepartment(event),
  },
  {
    name: 'manager who sees people',
    claims: { role: 'manager', ...own },
    managersSeePeople: true,
    mayRead: true,
    sees: isSales,
  },
  {
    name: 'viewer',
    claims: { role: 'viewer', ...own },
    managersSeePeople: true,
    mayRead: true,
    sees: ofDepartment,
  },
  {
    name: 'service',
    claims: { role: 'service', ...own },
    managersSeePeople: true,
    mayRead: false,
    sees: () => false,
  },
];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const events: EntityEvent[] = [];
/** What the live connections of each asker received, as it came. */
const live = new Map<string, string>();

/** Random raises and clears; what nobody else may see of an entity holds its mark. */
function decisionsOf(random: Random, firing: Map<string, AlertDecision>, serial: number): AlertDecision {
  const again = firing.size > 0 && random.next() < 0.3 ? random.pick([...firing.values()]) : undefined;
  if (again?.kind === 'raised') {
    firing.delete(again.entityId);
    const { alert, entityId, department } = again;
    return { kind: 'cleared', alert, entityId, department, at: NOW, raisedId: 1, reason: 'recovered' };
  }
  const department = random.pick(DEPARTMENTS);
  const entityId = `<M${serial}>`;
  const common = { kind: 'raised', entityId, department, at: NOW } as const;
  const raised: AlertDecision =
    random.next() < 0.5
      ? {
          ...common,
          alert: 'employee_stress',
          threshold: 40,
          data: {
            employee_id: entityId,
            employee_name: `Name ${entityId}`,
            department,
            position: `Position ${entityId}`,
            stress_rate: 50,
            engagement_rate: null,
            attrition_rate: null,
          },
        }
      : {
          ...common,
          alert: 'department_critical',
          data: {
            department_id: entityId,
            department_name: department,
            overall_risk: 'critical',
            engagement_score: 40,
          },
        };
  firing.set(entityId, raised);
  return raised;
}

/** Collects everything that comes over a WebSocket until a frame is the last one, then hangs up. */
async function hear(
  app: TestApp,
  asker: Asker,
  query: string,
  isLast: (frame: string) => boolean,
  onOpen: () => void = () => undefined,
): Promise<string> {
  const headers = { authorization: `Bearer ${await tokenOf(asker.claims)}` };
  const socket = new WebSocket(`${app.url.replace('http', 'ws')}/api/v1/ws/alerts${query}`, { headers });
  const frames: string[] = [];
  await new Promise<void>((resolve, reject) => {
    socket.on('message', (data: Buffer) => {
      const frame = data.toString('utf8');
      if (frames.length === 0) onOpen();
      frames.push(frame);
      if (isLast(frame)) resolve();
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`closed after ${frames.length} frames`)));
  }).finally(() => socket.terminate());
  return frames.join('\n');
}

async function stream(app: TestApp, asker: Asker, isLast: (text: string) => boolean): Promise<string> {
  const headers = { authorization: `Bearer ${await tokenOf(asker.claims)}` };
  const stop = new AbortController();
  const answer = await app.request('/api/v1/alerts/stream?last_event_id=earliest', {
    headers,
    signal: stop.signal,
  });
  const chunks: string[] = [];
  for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    // What is looked for may stand across two of them.
    const before = chunks.at(-1) ?? '';
    chunks.push(chunk);
    if (isLast(before + chunk)) break;
  }
  stop.abort();
  return chunks.join('');
}

async function get(app: TestApp, asker: Asker, path: string): Promise<{ status: number; text: string }> {
  const headers = { authorization: `Bearer ${await tokenOf(asker.claims)}` };
  const answer = await app.request(`/api/v1${path}`, { headers });
  return { status: answer.status, text: await answer.text() };
}

/** All pages of a list, as they came. */
async function pages(app: TestApp, asker: Asker, path: string): Promise<string> {
  let text = '';
  for (let cursor: string | null = ''; cursor !== null;) {
    const next = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page = await get(app, asker, `${path}limit=500${next}`);
    text += page.text;
    cursor = (JSON.parse(page.text) as { next_cursor?: string | null }).next_cursor ?? null;
  }
  return text;
}

/** The marks of entities that a text names. */
const marksIn = (text: string): Set<string> =>
  new Set([...text.matchAll(/<(?:M\d+|LAST \w+)>/g)].map(([mark]) => mark));
const marksOf = (some: readonly EntityEvent[]): Set<string> => new Set(some.map(({ entityId }) => entityId));
const isReplayed = (text: string): boolean => text.includes('"replay_complete"');

/** Nothing that is forbidden, and all that is not. */
function expectExactly(text: string, expected: readonly EntityEvent[]): void {
  const [seen, allowed] = [marksIn(text), marksOf(expected)];
  expect({ seed, forbidden: [...seen].filter((mark) => !allowed.has(mark)) }).toEqual({
    seed,
    forbidden: [],
  });
  expect({ seed, missing: [...allowed].filter((mark) => !seen.has(mark)) }).toEqual({ seed, missing: [] });
}

describe.each([false, true])('where managers see people: %s', (managersSeePeople) => {
  let app: TestApp;
  const askers = ASKERS.filter((asker) => asker.managersSeePeople === managersSeePeople);
  const readers = askers.filter(({ mayRead }) => mayRead);
  const allowed = (asker: Asker): EntityEvent[] => events.filter(asker.sees);

  beforeAll(async () => {
    if (!managersSeePeople) folder = await temporaryFolder();
    const setting = { MANAGERS_SEE_EMPLOYEES: String(managersSeePeople), REQUESTS_PER_MINUTE: '0' };
    app = await TestApp.start({ ...SECRET_VARIABLES, ...setting, DATA_DIR: folder.path });
    const log = app.nest.get(AlertLog);
    const [random, firing] = [new Random(seed + Number(managersSeePeople)), new Map<string, AlertDecision>()];
    log.listen((heard) => events.push(...heard.filter(isEntityEvent)));
    // A last event that everybody who reads sees tells that all before it has come.
    const isLast = (text: string): boolean => text.includes(`<LAST ${String(managersSeePeople)}>`);
    const opened: Promise<void>[] = [];
    const heard = readers.map((asker) => {
      let text = Promise.resolve('');
      opened.push(
        new Promise((resolve) => {
          text = hear(app, asker, '?v=1', isLast, resolve);
        }),
      );
      return text.then((all) => live.set(asker.name, all));
    });
    await Promise.all(opened);
    const start = events.length;
    for (let serial = start; serial < start + EVENTS / 2; serial += BATCH) {
      const batch = Array.from({ length: BATCH }, (_, index) =>
        decisionsOf(random, firing, serial + index + 1),
      );
      await append(log, ...batch);
    }
    const last = { department: 'Sales', entityId: `<LAST ${String(managersSeePeople)}>`, at: NOW } as const;
    await append(log, {
      ...last,
      kind: 'raised',
      alert: 'department_critical',
      data: {
        department_id: last.entityId,
        department_name: 'Sales',
        overall_risk: 'critical',
        engagement_score: null,
      },
    });
    await Promise.all(heard);
  }, 120_000);
  afterAll(async () => {
    await app.stop();
    if (managersSeePeople) await folder.remove();
  });

  it.each(readers)('a $name gets what it may see, live', (asker) => {
    const half = managersSeePeople ? events.slice(-EVENTS / 2 - 1) : events;
    expectExactly(live.get(asker.name) ?? '', half.filter(asker.sees));
  });

  it.each(readers)('a $name gets what it may see, replayed', async (asker) => {
    expectExactly(await hear(app, asker, '?last_event_id=earliest', isReplayed), allowed(asker));
    // Asking for more, in the address or afterwards, widens nothing.
    const wide = `?last_event_id=0&types=employee_stress,department_critical,alert_cleared`;
    expectExactly(await hear(app, asker, wide, isReplayed), allowed(asker));
    const plain = await hear(
      app,
      asker,
      `?last_event_id=earliest&departments=Legal%2C%20EU,R%26D`,
      isReplayed,
    );
    expect([...marksIn(plain)].filter((mark) => !marksOf(allowed(asker)).has(mark))).toEqual([]);
  });

  it.each(readers)('a $name gets what it may see, from the log when it is not in memory', async (asker) => {
    app = await app.restart();
    expectExactly(await hear(app, asker, '?last_event_id=earliest', isReplayed), allowed(asker));
  });

  it.each(readers)('a $name gets what it may see, in a snapshot', async (asker) => {
    const text = await hear(app, asker, '?last_event_id=999999999999999', (all) =>
      all.includes('"snapshot"'),
    );
    const active = app.nest.get(AlertLog).active();
    expectExactly(text, active.filter(asker.sees));
  });

  it.each(readers)('a $name gets what it may see, as a stream', async (asker) => {
    expectExactly(await stream(app, asker, isReplayed), allowed(asker));
  });

  it.each(readers)('a $name gets what it may see, by REST', async (asker) => {
    expectExactly(await pages(app, asker, '/alerts?'), allowed(asker));
    expectExactly(await pages(app, asker, '/alerts?after=earliest&'), allowed(asker));
    expectExactly(
      await pages(app, asker, '/alerts/active?'),
      app.nest.get(AlertLog).active().filter(asker.sees),
    );
    for (const filter of ['employee_stress', 'department_critical', 'alert_cleared']) {
      const seen = marksIn(await pages(app, asker, `/alerts?type=${filter}&`));
      expect([...seen].filter((mark) => !marksOf(allowed(asker)).has(mark))).toEqual([]);
    }
    const random = new Random(seed);
    const missing = await get(app, asker, '/alerts/1');
    for (let count = 0; count < 100; count += 1) {
      const event = random.pick(events);
      const { status, text } = await get(app, asker, `/alerts/${event.id}`);
      if (asker.sees(event)) expect(text).toContain(event.entityId);
      // Forbidden and missing are the same, but for the address that was asked for.
      else expect([status, text]).toEqual([404, missing.text.replace('/alerts/1', `/alerts/${event.id}`)]);
    }
  });

  it('whoever reads no alerts gets none', async () => {
    const asker = ASKERS.find(({ mayRead }) => !mayRead);
    if (!asker) throw new Error('somebody must be refused');
    await expect(hear(app, asker, '?last_event_id=earliest', isReplayed)).rejects.toThrow('403');
    for (const path of ['/alerts', '/alerts/active', '/alerts/stream', `/alerts/${events[0]?.id ?? 0}`]) {
      const { status, text } = await get(app, asker, path);
      expect(status).toBe(403);
      expectExactly(text, []);
    }
  });
});
