import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ROW_ERRORS } from '../../../../src/domain/csv/import-issue.js';
import { StorageError } from '../../../../src/storage/ports/storage-error.js';
import { pendingUpload } from '../../../support/storage/storage-calls.js';
import { surveyCsv, uniform } from '../../../support/generators/survey.js';
import { UploadHarness } from '../../../support/app/upload-harness.js';

let room: UploadHarness;
beforeEach(async () => {
  room = await UploadHarness.open();
});
afterEach(() => room.close());

/** Runs an upload that a crash interrupted. */
async function rerun(id: string, csv: string): Promise<void> {
  const record = {
    ...pendingUpload(id),
    owner: { instance: 'gone', spool: room.spool.id },
    spoolFile: `${id}.gone.csv`,
  };
  await writeFile(room.spool.pathOf(record.spoolFile), csv);
  await room.storage.uploads.put(record);
  await room.recovery.look();
  await room.queue.idle();
}

async function kept(id: string): Promise<unknown[]> {
  const lines: unknown[] = [];
  for await (const part of room.storage.findings.read(id)) lines.push(...part.map(({ line }) => line));
  return lines;
}

const CSV = surveyCsv([uniform('', 4), uniform('E1', 4), uniform('E2', 6)]);

describe('the findings of an import', () => {
  it('replace those of an earlier run that a crash ended', async () => {
    const blank = { code: 'blank_id', message: ROW_ERRORS.blank_id, line: 99 } as const;
    for (const part of [0, 1, 2]) await room.storage.findings.put('u1', part, [blank]);
    await rerun('u1', CSV);
    // A blank id, and each of the 15 answers of the last row.
    expect(await kept('u1')).toEqual([2, ...Array.from({ length: 15 }, () => 4)]);
    expect(await room.storage.uploads.get('u1')).toMatchObject({
      status: 'completed',
      report: { rowsRead: 3, rowsValid: 1, rowsRejected: 2, errorsTotal: 16 },
    });
  });

  it('that cannot be kept fail it: an error file never lacks one', async () => {
    room.storage.findings.put = () => Promise.reject(new StorageError('keep findings', new Error('full')));
    await rerun('u1', CSV);
    expect(await room.storage.uploads.get('u1')).toMatchObject({
      status: 'failed',
      code: 'storage_unavailable',
      report: { rowsWritten: 0 },
    });
  });
});
