import { rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { isEntityEvent } from '../../src/domain/alerts/log-event.js';
import { lastIdOf } from '../../src/storage/ports/alert-log.store.js';
import { openEmbeddedStorage } from '../../src/storage/embedded/embedded-storage.js';
import { StorageError } from '../../src/storage/ports/storage-error.js';
import type { Storage } from '../../src/storage/ports/storage.js';
import { MEMORY } from '../support/storage/mapped-memory.js';
import { fullEmployee, logRecord } from '../support/storage/storage-entities.js';
import { StorageProcess } from '../support/storage/storage-process.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';

const LARGE = 200_000;

async function head({ alertLog }: Storage): Promise<number> {
  const [newest] = await alertLog.readBackwards(Number.MAX_SAFE_INTEGER, 1);
  return newest ? lastIdOf(newest) : 0;
}

/** The ids of all events in the order of the log. */
async function ids({ alertLog }: Storage): Promise<number[]> {
  const records = await alertLog.read(0, 100_000);
  return records.flatMap(({ events }) => events.map(({ id }) => id));
}

const upTo = (last: number): number[] => Array.from({ length: last }, (_, n) => n + 1);

function increment(storage: Storage, id: string): Promise<unknown> {
  return storage.employees.mutate([id], (employeeId, current) => ({
    employeeId,
    attributes: {},
    metrics: { dimensions: {}, rates: { stress_rate: (current?.metrics.rates.stress_rate ?? 0) + 1 } },
  }));
}

describe.each(Object.entries(MEMORY))('an embedded store that several processes share, %s', (_, mapped) => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let storage: Storage;
  let child: StorageProcess;

  beforeAll(() => StorageProcess.build(), 120_000);
  beforeEach(async () => {
    folder = await temporaryFolder();
    storage = openEmbeddedStorage(folder.path, mapped());
    child = new StorageProcess(folder.path);
  });
  afterEach(async () => {
    await child.kill();
    await storage.close();
    await folder.remove();
  });

  it('shows each of them at once what the other has written', async () => {
    const [{ alertLog, employees }, seen] = [storage, new Map<string, number | undefined>()];
    for (let first = 1; first <= 60; first += 2) {
      // Reading before makes this process hold a snapshot that the append is not in.
      expect(await alertLog.read(first - 1, 1)).toEqual([]);
      expect(await child.ask('append', { first })).toBe(true);
      expect(await head(storage)).toBe(first);
      expect(await alertLog.append(logRecord(first + 1))).toBe(true);
      expect(await child.ask('head')).toBe(first + 1);
    }
    for (const id of ['E1', 'E2', 'E1']) {
      await child.ask('increment', { id, times: 1 });
      seen.set(id, (await employees.getMany([id])).get(id)?.metrics.rates.stress_rate);
    }
    expect([...seen]).toEqual([
      ['E1', 2],
      ['E2', 1],
    ]);
  });

  it('reads no snapshot from before, even if not a turn of the event loop has passed', async () => {
    expect(await storage.alertLog.read(0, 10)).toEqual([]);
    StorageProcess.appendMeanwhile(folder.path, 1);
    expect(await ids(storage)).toEqual([1]);
  });

  it('grows for all of them when one writes much', async () => {
    for (let first = 1; first <= 50; first += 1) await child.ask('append', { first, characters: LARGE });
    expect(await ids(storage)).toEqual(upTo(50));
    expect(await storage.alertLog.append(logRecord(51))).toBe(true);
    expect(await child.ask('head')).toBe(51);
  });

  it('gives a place in the log to exactly one of them', async () => {
    const wins = { parent: 0, child: 0 };
    for (let first = 1; first <= 50; first += 1) {
      const answers = [child.ask('append', { first }), storage.alertLog.append(logRecord(first))] as const;
      const [theirs, ours] = await Promise.all(answers);
      expect([theirs, ours].filter(Boolean)).toHaveLength(1);
      wins[ours ? 'parent' : 'child'] += 1;
    }
    expect(wins.parent + wins.child).toBe(50);
    expect(await ids(storage)).toEqual(upTo(50));
  });

  it('leaves no gap when both append as fast as they can', async () => {
    const own = async (): Promise<void> => {
      for (let appended = 0; appended < 100;) {
        if (await storage.alertLog.append(logRecord((await head(storage)) + 1))) appended += 1;
      }
    };
    await Promise.all([own(), child.ask('appendOwn', { count: 100 })]);
    expect(await ids(storage)).toEqual(upTo(200));
    const writers = new Set(
      (await storage.alertLog.read(0, 200)).map(
        ({ events: [first] }) => first && isEntityEvent(first) && first.entityId,
      ),
    );
    expect(writers).toContain('child');
  });

  it('loses no change of either', async () => {
    const ours = Array.from({ length: 100 }, () => increment(storage, 'E1'));
    await Promise.all([...ours, child.ask('increment', { id: 'E1', times: 100 })]);
    const stored = (await storage.employees.getMany(['E1'])).get('E1');
    expect(stored?.metrics.rates.stress_rate).toBe(200);
  });

  it.each([0, LARGE])('is whole after kill -9 amid appends of %d characters', async (characters) => {
    for (let round = 1; round <= 3; round += 1) {
      const before = await head(storage);
      await child.flood(20, characters);
      await child.kill();
      let last = await head(storage);
      expect(await ids(storage)).toEqual(upTo(last));
      expect(child.acknowledged).toBeGreaterThanOrEqual(before + 20);
      expect(last).toBeGreaterThanOrEqual(child.acknowledged);
      // One append may have been complete but for its announcement; the next writer finds it and makes it seen.
      if (!(await storage.alertLog.append(logRecord(last + 1)))) {
        expect(await head(storage)).toBe(last + 1);
        last += 1;
        expect(await storage.alertLog.append(logRecord(last + 1))).toBe(true);
      }
      expect(await ids(storage)).toEqual(upTo(last + 1));
      child = new StorageProcess(folder.path);
      expect(await child.ask('head')).toBe(last + 1);
    }
  });

  it('does not wait for one that has left', async () => {
    await child.ask('append', { first: 1 });
    await child.end();
    expect(await storage.alertLog.append(logRecord(2))).toBe(true);
    child = new StorageProcess(folder.path);
    expect(await child.ask('append', { first: 2 })).toBe(false);
    expect(await child.ask('append', { first: 3 })).toBe(true);
  });
});

describe('an embedded store', () => {
  it('keeps everything when it is closed and opened again', async () => {
    const folder = await temporaryFolder();
    const first = openEmbeddedStorage(folder.path);
    await first.alertLog.append(logRecord(7, 2));
    await first.employees.mutate(['E1'], fullEmployee);
    await first.close();
    const second = openEmbeddedStorage(folder.path);
    expect(await second.alertLog.read(0, 5)).toEqual([logRecord(7, 2)]);
    expect((await second.employees.getMany(['E1'])).get('E1')).toEqual(fullEmployee('E1'));
    await second.close();
    await folder.remove();
  });

  it('says that it cannot be opened', () => {
    expect(() => openEmbeddedStorage('/dev/null/data')).toThrow(StorageError);
  });

  it('says so when its file went away while it was opened anew, and goes on when it is back', async () => {
    const folder = await temporaryFolder();
    const [dataDir, away] = [join(folder.path, 'data'), join(folder.path, 'away')];
    const storage = openEmbeddedStorage(dataDir, MEMORY['opened anew after each operation']());
    await storage.employees.mutate(['E1'], fullEmployee);
    await rename(dataDir, away);
    await expect(storage.employees.getMany(['E1'])).rejects.toThrow(StorageError);
    await expect(storage.employees.mutate(['E1'], fullEmployee)).rejects.toThrow(StorageError);
    await rename(away, dataDir);
    expect((await storage.employees.getMany(['E1'])).get('E1')).toEqual(fullEmployee('E1'));
    await storage.close();
    await folder.remove();
  });

  it('is this user’s alone', async () => {
    const folder = await temporaryFolder();
    const dataDir = join(folder.path, 'data');
    const storage = openEmbeddedStorage(dataDir);
    for (const path of [dataDir, join(dataDir, 'pulsewatch.mdb')])
      expect((await stat(path)).mode & 0o077).toBe(0);
    await storage.close();
    await folder.remove();
  });
});
