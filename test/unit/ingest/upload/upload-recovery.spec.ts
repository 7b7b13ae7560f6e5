import { writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { UploadRecord } from '../../../../src/domain/uploads/upload.js';
import { pendingUpload } from '../../../support/storage/storage-calls.js';
import { surveyCsv, uniform } from '../../../support/generators/survey.js';
import { UploadHarness } from '../../../support/app/upload-harness.js';

const MINUTE = 60_000;

let room: UploadHarness;
beforeEach(async () => {
  room = await UploadHarness.open();
});
afterEach(() => room.close());

/** Leaves an upload of `instance`, as a crash does, with its file in our spool unless the spool is another. */
async function leave(id: string, instance: string, spool = room.spool.id): Promise<void> {
  const record = { ...pendingUpload(id), owner: { instance, spool }, spoolFile: `${id}.${instance}.csv` };
  await room.storage.uploads.put(record);
  if (spool === room.spool.id)
    await writeFile(room.spool.pathOf(record.spoolFile), surveyCsv([uniform('E1', 1)]));
}

const beat = (instance: string, number = 1) =>
  room.storage.instances.beat({ instance, host: 'elsewhere', pid: 7, beat: number });

async function look(): Promise<void> {
  await room.recovery.look();
  await room.queue.idle();
}

const stored = async (id: string): Promise<UploadRecord | undefined> => room.storage.uploads.get(id);
const files = async () => (await room.spool.list()).map(({ name }) => name);

describe('an upload that was not finished', () => {
  it('is run again when its process is gone and its file is here', async () => {
    await leave('u1', 'gone');
    await look();
    expect(await stored('u1')).toMatchObject({
      status: 'completed',
      revision: 3,
      owner: { instance: 'self', spool: room.spool.id },
    });
    expect(await files()).toEqual([]);
  });

  it('goes after whatever must go before it: that reserves its turn first', async () => {
    const order: string[] = [];
    room.lock.beforeUploads(() => {
      void room.lock.run(() => Promise.resolve(order.push('reserved')));
      return Promise.resolve();
    });
    room.onImport = () => Promise.resolve(void order.push('import'));
    await leave('u1', 'gone');
    await look();
    expect(order).toEqual(['reserved', 'import']);
  });

  it('fails as spool_lost when its file should be here and is not', async () => {
    await leave('u1', 'gone');
    await room.spool.remove('u1.gone.csv');
    await look();
    expect(await stored('u1')).toMatchObject({ status: 'failed', code: 'spool_lost' });
  });

  it('is left alone while its process is up', async () => {
    await beat('other');
    await leave('u1', 'other');
    await look();
    expect(await stored('u1')).toMatchObject({ status: 'pending', revision: 1 });
    expect(await files()).toEqual(['u1.other.csv']);
  });

  it('with its file on another machine waits for that machine, until it is forgotten', async () => {
    await leave('u1', 'gone', 'another spool');
    await look();
    room.clock.advance(10 * MINUTE - 1);
    await look();
    expect(await stored('u1')).toMatchObject({ status: 'pending', revision: 1 });
    room.clock.advance(1);
    await look();
    expect(await stored('u1')).toMatchObject({ status: 'failed', code: 'spool_lost' });
  });

  it('is run again by its own process when its outcome could not be kept', async () => {
    await leave('u1', 'self');
    await look();
    expect(await stored('u1')).toMatchObject({ status: 'completed', revision: 3 });
  });

  it('is found behind many that came after it, at the first look and later', async () => {
    await beat('other');
    await leave('a-first', 'other');
    for (let n = 0; n < 120; n += 1)
      await room.storage.uploads.put({
        ...pendingUpload(`b${n}`),
        status: 'completed',
        finishedAt: '2026-01-01T00:00:01.000Z',
      });
    await look();
    expect(await stored('a-first')).toMatchObject({ status: 'pending' });
    room.clock.advance(MINUTE);
    await look();
    expect(await stored('a-first')).toMatchObject({ status: 'completed' });
  });

  it('is not begun by a process that stops', async () => {
    await leave('u1', 'gone');
    room.lifecycle.onModuleDestroy();
    await look();
    room.lifecycle.onApplicationShutdown();
    expect(await stored('u1')).toMatchObject({ status: 'pending', revision: 1 });
    expect(await files()).toEqual(['u1.gone.csv']);
  });
});

describe('an upload that another process took over meanwhile', () => {
  it('keeps what that one wrote, and its file', async () => {
    await leave('u1', 'self');
    const claim = { ...pendingUpload('u1'), revision: 3, owner: { instance: 'other', spool: room.spool.id } };
    // Between our claim, revision 2, and our outcome.
    room.onImport = async () => {
      expect(await room.storage.uploads.put(claim)).toBe(true);
    };
    await look();
    expect(await stored('u1')).toEqual(claim);
    expect(await files()).toEqual(['u1.self.csv']);
  });
});

describe('a spool file', () => {
  it('without an unfinished upload is removed once its process is gone', async () => {
    await beat('other');
    for (const name of ['u1.gone.csv', 'u2.other.csv', 'u3.self.csv', 'note.txt'])
      await writeFile(room.spool.pathOf(name), '');
    await look();
    expect((await files()).sort()).toEqual(['u2.other.csv', 'u3.self.csv']);
    expect(room.spool.has('note.txt')).toBe(true);
    room.clock.advance(MINUTE);
    await look();
    expect(await files()).toEqual(['u3.self.csv']);
  });
});
