import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { surveyCsv, uniform } from '../../../support/generators/survey.js';
import { UploadRoom } from '../../../support/app/upload-harness.js';

let room: UploadRoom;
beforeEach(async () => {
  room = await UploadRoom.open();
});
afterEach(() => room.close());

async function importFile(id: string): Promise<unknown> {
  await writeFile(room.spool.pathOf(room.spool.nameFor(id)), surveyCsv([uniform('E1', 1)]));
  const options = { mode: 'partial', dryRun: false, dateFormat: 'ISO' } as const;
  await room.queue.accept({ id, bytes: 9, uploadedBy: 'local', options });
  await room.queue.idle();
  return room.storage.uploads.get(id);
}

const evaluated = (syncId: string | null, raised: number, cleared: number) =>
  room.events.publish('risk.evaluated', { syncId, raised, cleared });

describe('the report of an import', () => {
  it('counts what its own and what the periodic evaluation found while it wrote, and no more', async () => {
    room.events.listen('import.ready', async ({ syncId }) => {
      await evaluated(null, 5, 2);
      await evaluated(syncId, 10, 1);
      await evaluated('another', 100, 100);
    });
    await evaluated(null, 1_000, 1_000);
    expect(await importFile('u1')).toMatchObject({ report: { alertsRaised: 15, alertsCleared: 3 } });
  });
});
