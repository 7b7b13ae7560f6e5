import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Clock } from '../../../../src/lib/clock.js';
import { loadConfig } from '../../../../src/config/load-config.js';
import { InstanceRegistry } from '../../../../src/platform/cluster/instance-registry.js';
import { openEmbeddedStorage } from '../../../../src/storage/embedded/embedded-storage.js';
import type { Storage } from '../../../../src/storage/ports/storage.js';
import { Spool } from '../../../../src/ingest/upload/spool.js';
import { temporaryFolder } from '../../../support/app/temporary-folder.js';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let storage: Storage;
beforeEach(async () => {
  folder = await temporaryFolder();
  storage = openEmbeddedStorage(folder.path);
});
afterEach(async () => {
  await storage.close();
  await folder.remove();
});

function spoolOf(instance: string): Spool {
  const self = { id: instance, host: 'here', pid: process.pid };
  const registry = new InstanceRegistry(storage.instances, new Clock(), self);
  return new Spool(loadConfig({ DATA_DIR: folder.path }), registry);
}

describe('the id of a spool folder', () => {
  it('is one for all who create it at the same moment, and for those who come later', async () => {
    const spools = Array.from({ length: 60 }, (_, n) => spoolOf(`i${n}`));
    const begin = async (spool: Spool, turns: number): Promise<void> => {
      for (let turn = 0; turn < turns; turn += 1) await nextTurn();
      await spool.onModuleInit();
    };
    await Promise.all(spools.map((spool, n) => begin(spool, n)));
    const [first = ''] = spools.map(({ id }) => id);
    expect(first).toMatch(/^[0-9a-f-]{36}$/);
    expect(new Set(spools.map(({ id }) => id))).toEqual(new Set([first]));
    const later = spoolOf('later');
    await later.onModuleInit();
    expect(later.id).toBe(first);
    expect((await readdir(folder.path)).filter((file) => file.startsWith('spool'))).toEqual([
      'spool',
      'spool.id',
    ]);
    expect(await readdir(join(folder.path, 'spool'))).toEqual([]);
  });
});
