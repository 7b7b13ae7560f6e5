import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { UploadQueue } from '../../src/ingest/upload/upload-queue.js';
import { TestApp, type UploadStatus } from '../support/app/app.js';
import { onEachStorage, type Installation } from '../support/storage/storages.js';
import type { BadFile, Company, Reported, Sent } from './bad-files/bad-file.js';
import { BAD_FILES } from './bad-files/bad-files.js';
import { expectErrorFile, expectRefusal, expectReport } from './bad-files/expectations.js';
import { LIMITS } from './bad-files/limits.js';
import { byId, NOTHING, Tables } from './bad-files/tables.js';

/**
 * What a file may hold does not depend on the storage: DynamoDB is sent one file of each subject, and the whole table by
 * `npm run test:dynamodb`.
 */
const isWholeTableOnDynamo = process.env.DYNAMODB_ENDPOINT !== undefined;

/** Sends every bad and odd file to an application, and looks at all that comes of it. */
onEachStorage('on %s, a file', (install, storage) => {
  let installation: Installation;
  let app: TestApp;
  let tables: Tables;
  beforeAll(async () => {
    installation = await install();
    app = await TestApp.start({ ...installation.variables, ...LIMITS });
    tables = new Tables(app, installation.dataDir);
  });
  afterEach(() => app.wipe());
  afterAll(async () => {
    await app.stop();
    await installation.remove();
  });

  async function send({ file, name: fileName = 'survey.csv', type = 'text/csv', fields = {} }: Sent) {
    const form = new FormData();
    form.set('file', new Blob([file], { type }), fileName);
    for (const [field, value] of Object.entries(fields)) form.set(field, value);
    const response = await app.request('/api/v1/upload', { method: 'POST', body: form });
    await app.nest.get(UploadQueue).idle();
    return response;
  }

  async function statusOf(response: Response): Promise<UploadStatus> {
    expect(response.status).toBe(202);
    const { status_url } = (await response.json()) as { status_url: string };
    return (await (await app.request(status_url)).json()) as UploadStatus;
  }

  async function importFirst(earlier: Sent): Promise<void> {
    const status = await statusOf(await send(earlier));
    expect(status).toMatchObject({ status: 'completed', result: { errors: [] } });
  }

  async function run({ after = [], gives, ...badFile }: BadFile): Promise<void> {
    for (const earlier of after) await importFirst(earlier);
    const before = after.length === 0 ? NOTHING : await tables.read();
    const position = await tables.alertPosition();
    const [newest, files] = [await tables.newestUpload(), await tables.files()];

    const response = await send(badFile);
    const isRefused = 'refused' in gives;
    if (isRefused) await expectRefusal(response, gives);
    else {
      const status = await statusOf(response);
      expectReport(status, gives, badFile.fields?.dry_run === 'true');
      await expectErrorFile(app, status);
    }

    const { leaves, alerts = [] }: Reported = isRefused ? {} : gives;
    const now = await tables.read();
    if (leaves) expect(now).toMatchObject(sorted(leaves));
    else expect(now).toEqual(before);
    expect(await tables.alertsAfter(position)).toEqual([...alerts].sort());
    expect((await tables.newestUpload()) === newest).toBe(isRefused);
    expect([await tables.spooled(), await tables.files()]).toEqual([[], files]);
  }

  describe.each(Object.entries(BAD_FILES))('(%s)', (_, all) => {
    const badFiles = storage === 'DynamoDB' && !isWholeTableOnDynamo ? all.slice(0, 1) : all;
    it.each(badFiles.map((badFile) => [badFile.that, badFile] as const))('that %s', (_that, badFile) =>
      run(badFile),
    );
  });
});

function sorted({ responses = [], employees = [], departments = [] }: Company): Company {
  return {
    responses: byId(responses, 'responseId'),
    employees: byId(employees, 'employee_id'),
    departments: byId(departments, 'department_id'),
  };
}
