import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Failpoint } from '../../src/lib/failpoints.js';
import { companyAt, expectedCompany, type Company } from '../support/oracles/company.js';
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
import { surveyCsv, uniform, type Answered } from '../support/generators/survey.js';

/** A process, and who calls it. */
class Server extends ServerClient {
  constructor(readonly process: ServerProcess) {
    super(process.url);
  }
}

/** Alpha is critical for E1's sake. */
const FIRST = [uniform('E1', 1, 'Alpha'), uniform('E2', 5, 'Alpha'), uniform('E3', 5, 'Beta')];

/** E1 moves from Alpha to Beta, so Alpha is not critical any more; Gamma is new and critical; the rest is bulk. */
function secondSurvey(bulk: number): Answered[] {
  return [
    uniform('E1', 2, 'Beta', '2025-06-01'),
    ...Array.from({ length: bulk }, (_, n) => uniform(`B${n}`, 4, `Bulk ${n % 5}`, '2025-06-01')),
    uniform('E4', 1, 'Gamma', '2025-06-01'),
  ];
}

/** The points that an upload passes after it is accepted: once an upload, so the second upload stops at the second. */
const POINTS = [
  'upload.accepted',
  'upload.validated',
  'sync.responses_written',
  'sync.employees_batch',
  'sync.employees_written',
  'sync.departments_written',
  'upload.imported',
  'upload.recorded',
] as const satisfies readonly Failpoint[];
const UNDO_POINTS = [
  'undo.responses_deleted',
  'undo.employees_withdrawn',
  'undo.employees_written',
] as const satisfies readonly Failpoint[];
/** One that leaves the tables half written, and the last of an upload; one amid an undo. */
const FEW: readonly Failpoint[] = ['sync.employees_batch', 'upload.recorded', 'undo.employees_withdrawn'];
/** More than a batch, so that a crash after the first leaves the file half written. */
const EMBEDDED = { storage: 'embedded storage', install: installEmbedded, bulk: 1_500 };
/** One of each kind: starting processes takes long, and the rest does not depend on the store. */
const DYNAMODB = {
  ...{ storage: 'DynamoDB', install: () => installDynamo(), bulk: 10 },
  points: [
    'upload.accepted',
    'sync.employees_batch',
    'sync.departments_written',
    'upload.recorded',
    ...UNDO_POINTS,
  ],
} as const;

/** `bulk` employees fill the file. */
interface Run {
  readonly storage: string;
  readonly install: Install;
  readonly bulk: number;
  readonly points: readonly Failpoint[];
  /** What runs of the tests that no point makes many. */
  readonly part: 'few' | 'rest' | 'all';
}

const RUNS = inProject<Run>({
  short: [{ ...EMBEDDED, points: FEW, part: 'few' }],
  long: [
    {
      ...EMBEDDED,
      points: [...POINTS, ...UNDO_POINTS].filter((point) => !FEW.includes(point)),
      part: 'rest',
    },
    { ...DYNAMODB, part: 'all' },
  ],
});

/** What `kill -9` leaves, and what the next start makes of it. */
describe.each(RUNS)('a crash on $storage', ({ install, bulk, points, part }) => {
  const second = secondSurvey(bulk);
  const both = expectedCompany([FIRST, second]);
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
    const variables = { ...installation.variables, PULSEWATCH_TEST_CRASH_AT: crashAt };
    const process = await ServerProcess.start(variables);
    running.push(process);
    return new Server(process);
  }

  /** Imports the first survey, and dies at the point while it does the rest. */
  async function crash(point: Failpoint, passes: number, act: (server: Server) => Promise<unknown>) {
    const server = await start(`${point}:${passes}`);
    expect(await server.upload(surveyCsv(FIRST))).toMatchObject({ status: 'completed' });
    const acting = act(server).catch(() => undefined);
    expect(await server.process.ended).toEqual({ code: null, signal: 'SIGKILL' });
    await acting;
  }

  const uploadSecond = (server: Server) => server.post(surveyCsv(second));
  const spooled = async () =>
    (await readdir(join(installation.dataDir, 'spool'))).filter((file) => file.endsWith('.csv'));
  const settled = (server: Server, expected: Company) =>
    eventually(
      () => companyAt(server),
      (seen) => JSON.stringify(sorted(seen)) === JSON.stringify(sorted(expected)),
    );

  /** Stops the server politely and looks at what it leaves to others. */
  async function expectNothingLeft(server: Server): Promise<void> {
    expect(await eventually(spooled, (files) => files.length === 0)).toEqual([]);
    expect(await server.process.end('SIGTERM')).toEqual({ code: 0, signal: null });
    const storage = await installation.open();
    expect(await storage.syncJournal.list()).toEqual([]);
    expect(await storage.instances.list()).toEqual([]);
    await storage.close();
  }

  const of = (some: readonly Failpoint[]) => points.filter((point) => some.includes(point));

  it.each(of(POINTS))('at %s loses nothing: the next start finishes the upload', async (point) => {
    await crash(point, 2, uploadSecond);
    const server = await start();
    expect(await server.newestFinished()).toMatchObject({
      status: 'completed',
      result: { rows_read: second.length, rows_written: second.length, rows_rejected: 0 },
    });
    expect(await companyAt(server)).toEqual(both);
    expect(await server.uploads()).toHaveLength(2);
    await expectNothingLeft(server);
  });

  it.each(of(UNDO_POINTS))('at %s leaves an undo that the next start finishes', async (point) => {
    await crash(point, 1, async (server) => {
      const { task_id } = await server.upload(surveyCsv(second));
      return server.request(`/api/v1/uploads/${task_id}/undo`, { method: 'POST' });
    });
    const server = await start();
    expect(await server.newestFinished()).toMatchObject({
      status: 'completed',
      undone_at: expect.any(String),
    });
    const { employees, departments, firing } = await companyAt(server);
    const before = expectedCompany([FIRST]);
    expect({ employees, firing }).toEqual({ employees: before.employees, firing: before.firing });
    expect(departments).toMatchObject(before.departments);
    await expectNothingLeft(server);
  });

  if (part !== 'rest')
    it('at upload.spooled leaves nothing: the upload was not accepted', async () => {
      await crash('upload.spooled', 2, uploadSecond);
      expect(await spooled()).toHaveLength(1);
      const server = await start();
      expect(await spooled()).toEqual([]);
      expect(await server.uploads()).toHaveLength(1);
      expect(await companyAt(server)).toEqual(expectedCompany([FIRST]));
      await expectNothingLeft(server);
    });
  if (part === 'few') return;

  it('between naming the upload of a key and accepting it leads to one upload in the end', async () => {
    const send = (server: Server) => server.post(surveyCsv(second), { 'Idempotency-Key': 'k' });
    await crash('upload.keyed', 1, send);
    const server = await start();
    expect(await server.uploads()).toHaveLength(1);
    expect((await send(server)).headers.get('idempotency-replayed')).toBeNull();
    expect((await send(server)).headers.get('idempotency-replayed')).toBe('true');
    expect(await server.uploads()).toHaveLength(2);
    expect(await server.newestFinished()).toMatchObject({ status: 'completed' });
    await expectNothingLeft(server);
  });

  it('amid a roster leaves no department as it was before', async () => {
    const roster = 'Employee_ID,division\nE1,Beta\n';
    await crash('sync.employees_batch', 2, (server) => server.post(roster));
    const server = await start();
    expect(await server.newestFinished()).toMatchObject({ status: 'completed' });
    expect(await companyAt(server)).toEqual(expectedCompany([FIRST, [uniform('E1', 1, 'Beta')]]));
    await expectNothingLeft(server);
  });

  it('at edit.written leaves neither department as it was', async () => {
    await crash('edit.written', 1, (server) => server.patch('/employees/E1', { department: 'Beta' }));
    const server = await start();
    const moved = expectedCompany([FIRST, [uniform('E1', 1, 'Beta')]]);
    expect(await settled(server, moved)).toEqual(moved);
    await expectNothingLeft(server);
  });

  it('after a department was edited does not undo the edit, and evaluates it', async () => {
    await crash('edit.written', 1, (server) =>
      server.patch('/departments/dept-beta', { overall_risk: 'critical' }),
    );
    const server = await start();
    const storage = await installation.open();
    await eventually(
      async () => {
        await server.uploads();
        return storage.syncJournal.list();
      },
      (entries) => entries.length === 0,
    );
    await storage.close();
    expect((await companyAt(server)).firing).toEqual(['Alpha', 'Beta', 'E1']);
    expect(await server.get('/departments/dept-beta')).toMatchObject({ overall_risk: 'critical' });
    await expectNothingLeft(server);
  });

  it('that takes the file with it fails the upload as spool_lost, and the tables agree all the same', async () => {
    await crash('sync.employees_batch', 2, uploadSecond);
    for (const file of await spooled()) await rm(join(installation.dataDir, 'spool', file));
    const server = await start();
    expect(await server.newestFinished()).toMatchObject({
      status: 'failed',
      code: 'spool_lost',
    });
    // The first batch was written: what is in Employees is what Departments must say.
    const written = await companyAt(server);
    const expected = expectedCompany([
      FIRST,
      second.filter(({ employeeId }) => employeeId in written.employees),
    ]);
    expect(expected.departments).not.toHaveProperty('Alpha', [2, 'critical', 50]);
    expect(await settled(server, expected)).toEqual(expected);
    await expectNothingLeft(server);
  });

  it('leaves an upload that exactly one of two processes takes over', async () => {
    await crash('upload.validated', 2, uploadSecond);
    const servers = await Promise.all([start(), start()]);
    const [newest] = await servers[0].uploads();
    const id = newest?.task_id ?? '';
    for (const server of servers) {
      expect(await server.finished(id)).toMatchObject({ status: 'completed' });
      expect(await settled(server, both)).toEqual(both);
    }
    const storage = await installation.open();
    // Accepted, claimed once, finished.
    expect(await storage.uploads.get(id)).toMatchObject({ revision: 3 });
    await storage.close();
    expect(await servers[0].process.end('SIGTERM')).toEqual({ code: 0, signal: null });
    await expectNothingLeft(servers[1]);
  });
});

function sorted({ employees, departments, firing }: Company): unknown[] {
  return [Object.entries(employees).sort(), Object.entries(departments).sort(), firing];
}
