import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { companyAt } from '../support/oracles/company.js';
import { eventually } from '../support/app/eventually.js';
import { ServerClient } from '../support/app/server-client.js';
import { ServerProcess } from '../support/app/server-process.js';
import { surveyCsv, uniform } from '../support/generators/survey.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let server: ServerProcess;

beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(async () => {
  await server.end('SIGKILL');
  await folder.remove();
});

async function start(crashAt: string): Promise<ServerClient> {
  const variables = { DATA_DIR: folder.path, MIN_GROUP_SIZE: '5', PULSEWATCH_TEST_CRASH_AT: crashAt };
  server = await ServerProcess.start(variables);
  return new ServerClient(server.url);
}

const team = (name: string, size: number) =>
  Array.from({ length: size }, (_, n) => uniform(`${name}-${n}`, 1, name));
const departmentsFiring = async (caller: ServerClient) =>
  (await companyAt(caller)).firing.filter((name) => !name.includes('-'));

describe('a crash between two departments', () => {
  it('leaves none hidden, or shown, that the other one decides', async () => {
    // Three departments are written by the first upload; by the second one two, of which only one is in the file.
    const dying = await start('sync.department_written:4');
    await dying.upload(surveyCsv([...team('Pico', 2), ...team('Mid', 6), ...team('Large', 9)]));
    expect(await departmentsFiring(dying)).toEqual(['Large']);
    await dying.post(surveyCsv(Array.from({ length: 3 }, (_, n) => uniform(`N-${n}`, 1, 'Pico'))));
    expect(await server.ended).toEqual({ code: null, signal: 'SIGKILL' });

    const caller = await start('');
    expect(await caller.newestFinished()).toMatchObject({ status: 'completed' });
    const settled = await eventually(
      () => departmentsFiring(caller),
      (names) => names.length === 3,
    );
    expect(settled).toEqual(['Large', 'Mid', 'Pico']);
    expect((await companyAt(caller)).departments).toMatchObject({ Mid: [6, 'critical', 100] });
  });
});
