import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { companyAt, expectedCompany } from '../support/oracles/company.js';
import { eventually } from '../support/app/eventually.js';
import { ServerClient } from '../support/app/server-client.js';
import { ServerProcess } from '../support/app/server-process.js';
import { inProject } from '../support/project.js';
import {
  installDynamo,
  installEmbedded,
  type Install,
  type Installation,
} from '../support/storage/storages.js';
import { surveyCsv } from '../support/generators/survey.js';
import { COLLEAGUES, VICTIM, tracesIn, VICTIMS } from '../support/oracles/victim.js';
import type { Frame } from '../support/clients/ws-client.js';

const ROSTER = `Employee_ID,name,position,division,location\n${Object.values(VICTIM).slice(0, 3).join(',')},Alpha,${VICTIM.location}\n`;
const POINTS = [
  'erasure.begun',
  'erasure.responses_written',
  'erasure.employee_written',
  'erasure.log_rewritten',
  'erasure.reports_written',
] as const;
type Point = (typeof POINTS)[number];

class Server extends ServerClient {
  constructor(readonly process: ServerProcess) {
    super(process.url);
  }

  remove(mode: string): Promise<Response> {
    return this.request(`/api/v1/employees/${VICTIM.id}?mode=${mode}`, { method: 'DELETE' });
  }

  async alerts(): Promise<Frame[]> {
    return (await this.get<{ items: Frame[] }>('/alerts?after=earliest&limit=500')).items;
  }
}

/** One that runs in `npm test`. */
const FEW: readonly Point[] = ['erasure.employee_written'];

interface Run {
  readonly storage: string;
  readonly install: Install;
  readonly points: readonly Point[];
  /** Whether the test of two processes runs. */
  readonly hasOther: boolean;
}

const EMBEDDED = { storage: 'embedded storage', install: installEmbedded };
/** Starting processes takes long, and the rest does not depend on the store. */
const DYNAMODB = { storage: 'DynamoDB', install: () => installDynamo() };
const RUNS = inProject<Run>({
  short: [{ ...EMBEDDED, points: FEW, hasOther: false }],
  long: [
    { ...EMBEDDED, points: POINTS.filter((point) => !FEW.includes(point)), hasOther: true },
    { ...DYNAMODB, points: ['erasure.employee_written', 'erasure.log_rewritten'], hasOther: true },
  ],
});

describe.each(RUNS)('the removal of a person on $storage', ({ install, points, hasOther }) => {
  let installation: Installation;
  const running: ServerProcess[] = [];

  beforeEach(async () => {
    installation = await install();
  });
  afterEach(async () => {
    for (const server of running.splice(0)) await server.end('SIGKILL');
    await installation.remove();
  });

  async function start(crashAt = ''): Promise<Server> {
    const process = await ServerProcess.start({
      ...installation.variables,
      PULSEWATCH_TEST_CRASH_AT: crashAt,
    });
    running.push(process);
    return new Server(process);
  }

  async function employ(server: Server): Promise<void> {
    await server.upload(ROSTER);
    await server.upload(surveyCsv([...COLLEAGUES, ...VICTIMS]));
  }

  /** Nothing tells of the person any more, nor that somebody is to be removed, once the server has looked about. */
  async function expectTraceless(server: Server): Promise<void> {
    await eventually(
      async () => JSON.stringify([await companyAt(server), await server.alerts()]),
      (text) => tracesIn(text).length === 0,
    );
    expect(await server.process.end('SIGTERM')).toEqual({ code: 0, signal: null });
    const raw = await installation.raw();
    expect(tracesIn(raw)).toEqual([]);
    expect(raw).not.toMatch(/"requestedBy"/);
  }

  describe.each(['erase', 'anonymise'])('(%s)', (mode) => {
    it.each(points)('that a crash breaks off at %s is finished by the next start', async (point) => {
      const server = await start(point);
      await employ(server);
      const ids = (await server.alerts()).map(({ id }) => id);
      const before = await companyAt(server);
      await server.remove(mode).catch(() => undefined);
      expect(await server.process.ended).toEqual({ code: null, signal: 'SIGKILL' });

      const next = await start();
      // Who asks again now finds it done: it has had its turn before.
      expect((await next.remove(mode)).status).toBe(404);
      const { employees, departments, firing } = await companyAt(next);
      if (mode === 'erase') {
        expect({ employees, departments, firing }).toEqual(expectedCompany([COLLEAGUES]));
      } else {
        expect(departments).toEqual(before.departments);
        expect(Object.keys(employees).filter((id) => id.startsWith('anonymous-'))).toHaveLength(1);
        expect(firing.filter((who) => who.startsWith('anonymous-'))).toHaveLength(1);
      }
      expect((await next.alerts()).map(({ id }) => id).slice(0, ids.length)).toEqual(ids);
      await expectTraceless(next);
    });
  });

  if (!hasOther) return;
  it('is noticed by another process, which had it all in memory', async () => {
    const [mine, other] = [await start(), await start()];
    await employ(mine);
    const all = await eventually(
      () => other.alerts(),
      (alerts) => alerts.some(({ data }) => data?.employee_id === VICTIM.id),
    );
    expect((await mine.remove('anonymise')).status).toBe(200);
    const active = await eventually(
      async () => JSON.stringify(await other.get('/alerts/active')),
      (text) => tracesIn(text).length === 0,
    );
    expect(tracesIn(active)).toEqual([]);
    expect((await other.alerts()).map(({ id }) => id)).toEqual(all.map(({ id }) => id));
    expect(tracesIn(JSON.stringify([await other.alerts(), await companyAt(other)]))).toEqual([]);
    expect(await (await other.request('/api/v1/risk/evaluate', { method: 'POST' })).json()).toEqual({
      alerts_raised: 0,
      alerts_cleared: 0,
    });
  });
});
