import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EmbeddedDatabase } from '../../src/storage/embedded/embedded-database.js';
import { openEmbeddedStorage } from '../../src/storage/embedded/embedded-storage.js';
import type { Storage } from '../../src/storage/storage.js';
import { StorageError } from '../../src/storage/storage-error.js';
import { StorageChild } from '../support/storage-child.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { raisedRecord } from '../support/alerts.js';

describe('an embedded store that several processes share', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let storage: Storage;

  beforeAll(async () => {
    folder = await temporaryFolder();
    storage = openEmbeddedStorage(folder.path);
  });
  afterAll(async () => {
    await storage.close();
    await folder.remove();
  });

  const stressOf = async (id: string) =>
    (await storage.employees.getMany([id])).get(id)?.metrics.rates.stress_rate;

  it('shows an append of another process as soon as it is acknowledged', async () => {
    const child = await StorageChild.start(folder.path);
    for (let first = 1; first <= 20; first += 1) {
      // Reading before makes this process hold a snapshot that the append is not in.
      expect(await storage.alertLog.read(first - 1, 1)).toEqual([]);
      expect(await child.ask('append', raisedRecord(first, 1))).toBe(true);
      expect(await storage.alertLog.read(first - 1, 1)).toEqual([raisedRecord(first, 1)]);
      expect(await storage.alertLog.append(raisedRecord(first, 1))).toBe(false);
    }
    await child.end();
  });

  it('loses none of the changes that processes make at the same moment', async () => {
    const children = await Promise.all([1, 2].map(() => StorageChild.start(folder.path)));
    await Promise.all(children.map((child) => child.ask('increment', { id: 'E1', times: 150 })));
    expect(await stressOf('E1')).toBe(300);
    await Promise.all(children.map((child) => child.end()));
  });

  it('goes on after another process was killed in the middle of its writes', async () => {
    const child = await StorageChild.start(folder.path);
    await child.ask('increment', { id: 'E2', times: 1 });
    child.tell('increment', { id: 'E2', times: 1_000_000 });
    let before = await stressOf('E2');
    while (before === 1) before = await stressOf('E2');
    await child.end('SIGKILL');
    const after = (await stressOf('E2')) ?? 0;
    expect(after).toBeGreaterThan(1);
    const next = await StorageChild.start(folder.path);
    await next.ask('increment', { id: 'E2', times: 1 });
    expect(await stressOf('E2')).toBe(after + 1);
    await next.end();
  });
});

describe('an embedded store', () => {
  it('keeps everything when it is closed and opened again', async () => {
    const folder = await temporaryFolder();
    const first = openEmbeddedStorage(folder.path);
    await first.alertLog.append(raisedRecord(7, 2));
    await first.close();
    const second = openEmbeddedStorage(folder.path);
    expect(await second.alertLog.read(0, 5)).toEqual([raisedRecord(7, 2)]);
    await second.close();
    await folder.remove();
  });

  it('says that it cannot be opened', () => {
    expect(() => EmbeddedDatabase.open('/dev/null/data')).toThrow(StorageError);
  });

  it('lets a mistake of the caller through as what it is', async () => {
    const folder = await temporaryFolder();
    const storage = openEmbeddedStorage(folder.path);
    const mistake = () => {
      throw new RangeError('wrong');
    };
    await expect(storage.employees.mutate(['E1'], mistake)).rejects.toThrow(RangeError);
    expect((await storage.employees.getMany(['E1'])).size).toBe(0);
    await storage.close();
    await folder.remove();
  });
});
