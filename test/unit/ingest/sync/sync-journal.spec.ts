import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InstanceRegistry } from '../../../../src/platform/cluster/instance-registry.js';
import { openEmbeddedStorage } from '../../../../src/storage/embedded/embedded-storage.js';
import type { Storage } from '../../../../src/storage/ports/storage.js';
import { SyncJournal } from '../../../../src/ingest/sync/sync-journal.js';
import { SettableClock } from '../../../support/app/settable-clock.js';
import { pendingUpload } from '../../../support/storage/storage-calls.js';
import { temporaryFolder } from '../../../support/app/temporary-folder.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let storage: Storage;
let journal: SyncJournal;

beforeEach(async () => {
  Logger.overrideLogger(false);
  folder = await temporaryFolder();
  storage = openEmbeddedStorage(folder.path);
  const self = { id: 'self', host: 'here', pid: process.pid };
  const registry = new InstanceRegistry(storage.instances, new SettableClock(Date.UTC(2026, 0, 1)), self);
  journal = new SyncJournal(storage.syncJournal, storage.uploads, registry);
});
afterEach(async () => {
  await storage.close();
  await folder.remove();
});

const entryOf = (syncId: string, instance: string) => ({ syncId, instance, repair: 'roll_up' }) as const;
const fail = () => Promise.reject(new Error('broke off'));

describe('a sync', () => {
  it('stands in the journal while it runs, is not broken then, and is gone after its success', async () => {
    const repeated = await journal.during({ syncId: 's1', repair: 'roll_up' }, async (isRepeated) => {
      expect(await storage.syncJournal.list()).toEqual([entryOf('s1', 'self')]);
      expect(await journal.broken()).toEqual({ due: [], awaited: 0 });
      return isRepeated;
    });
    expect(repeated).toBe(false);
    expect(await storage.syncJournal.list()).toEqual([]);
  });

  it('that failed is broken, and its repetition knows', async () => {
    await expect(journal.during({ syncId: 's1', repair: 'roll_up' }, fail)).rejects.toThrow('broke off');
    expect(await journal.broken()).toEqual({ due: [entryOf('s1', 'self')], awaited: 0 });
    const repeated = await journal.during({ syncId: 's1', repair: 'roll_up' }, (isRepeated) =>
      Promise.resolve(isRepeated),
    );
    expect(repeated).toBe(true);
    expect(await journal.broken()).toEqual({ due: [], awaited: 0 });
  });

  it('does not run when it cannot be written down', async () => {
    await storage.close();
    let hasRun = false;
    const run = journal.during({ syncId: 's1', repair: 'roll_up' }, () => Promise.resolve((hasRun = true)));
    await expect(run).rejects.toThrow();
    expect(hasRun).toBe(false);
  });

  it('of another instance is broken once that one is gone', async () => {
    await storage.instances.beat({ instance: 'up', host: 'elsewhere', pid: 7, beat: 1 });
    await storage.syncJournal.begin(entryOf('s1', 'up'));
    await storage.syncJournal.begin(entryOf('s2', 'gone'));
    expect(await journal.broken()).toEqual({ due: [entryOf('s2', 'gone')], awaited: 0 });
  });

  it('of an upload waits until that has finished, one way or the other', async () => {
    await storage.uploads.put(pendingUpload('u1'));
    await storage.syncJournal.begin(entryOf('u1', 'gone'));
    expect(await journal.broken()).toEqual({ due: [], awaited: 1 });
    await storage.uploads.put({
      ...pendingUpload('u1'),
      revision: 2,
      status: 'failed',
      finishedAt: '2026-01-01T00:00:01.000Z',
    });
    expect(await journal.broken()).toEqual({ due: [entryOf('u1', 'gone')], awaited: 0 });
  });
});
