import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { InstanceRegistry } from '../../../../src/platform/cluster/instance-registry.js';
import { openEmbeddedStorage } from '../../../../src/storage/embedded/embedded-storage.js';
import type { Storage } from '../../../../src/storage/ports/storage.js';
import { SettableClock } from '../../../support/app/settable-clock.js';
import { temporaryFolder } from '../../../support/app/temporary-folder.js';

const MINUTE = 60_000;
const SELF = { id: 'self', host: 'here', pid: process.pid };
const RUNNING = process.ppid;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let storage: Storage;
let clock: SettableClock;
let registry: InstanceRegistry;

beforeEach(async () => {
  folder = await temporaryFolder();
  storage = openEmbeddedStorage(folder.path);
  clock = new SettableClock(Date.UTC(2026, 0, 1));
  registry = new InstanceRegistry(storage.instances, clock, SELF);
});
afterEach(async () => {
  await storage.close();
  await folder.remove();
});

const beat = (instance: string, number: number, host = 'elsewhere', pid = 7) =>
  storage.instances.beat({ instance, host, pid, beat: number });
const isGone = async (instance: string) => (await registry.look()).isGone(instance);
const isForgotten = async (instance: string) => (await registry.look()).isForgotten(instance);
const listed = async () => (await storage.instances.list()).map(({ instance }) => instance).sort();

describe('an instance', () => {
  it('is never gone in its own eyes, listed or not', async () => {
    expect(await isGone('self')).toBe(false);
    await registry.beat();
    clock.advance(60 * MINUTE);
    expect([await isGone('self'), await isForgotten('self')]).toEqual([false, false]);
  });

  it('is alone until another is listed that is not gone', async () => {
    const isAlone = async () => (await registry.look()).isAlone;
    expect(await isAlone()).toBe(true);
    await registry.beat();
    await beat('predecessor', 1, 'here', SELF.pid);
    expect(await isAlone()).toBe(true);
    await beat('other', 1);
    expect(await isAlone()).toBe(false);
    clock.advance(MINUTE);
    expect(await isAlone()).toBe(true);
  });

  it('is gone when it is not in the list', async () => {
    expect(await isGone('unknown')).toBe(true);
  });

  it('of this machine is gone as soon as its process is, whatever its beat', async () => {
    const { pid: ended } = spawnSync(process.execPath, ['-e', '']);
    await beat('ended', 1, 'here', ended);
    await beat('running', 1, 'here', RUNNING);
    await beat('same pid elsewhere', 1, 'elsewhere', ended);
    expect(await isGone('ended')).toBe(true);
    expect(await isGone('running')).toBe(false);
    expect(await isGone('same pid elsewhere')).toBe(false);
  });

  it('of this machine with our process id is our predecessor', async () => {
    await beat('predecessor', 1, 'here', SELF.pid);
    expect(await isGone('predecessor')).toBe(true);
  });

  it('is gone when its beat stood still for a minute under our eyes', async () => {
    await beat('other', 1_000_000);
    expect(await isGone('other')).toBe(false);
    clock.advance(MINUTE - 1);
    expect(await isGone('other')).toBe(false);
    await beat('other', 1_000_001);
    clock.advance(1);
    expect(await isGone('other')).toBe(false);
    clock.advance(MINUTE);
    expect(await isGone('other')).toBe(true);
    await beat('other', 1_000_002);
    expect(await isGone('other')).toBe(false);
  });

  it('is forgotten ten minutes after its last sign, in the list or not', async () => {
    await beat('silent', 1);
    await beat('leaving', 1);
    expect([await isForgotten('silent'), await isForgotten('leaving'), await isForgotten('unknown')]).toEqual(
      [false, false, false],
    );
    clock.advance(5 * MINUTE);
    await storage.instances.remove({ instance: 'leaving', host: '', pid: 0, beat: 1 });
    expect(await isForgotten('leaving')).toBe(false);
    clock.advance(5 * MINUTE);
    expect([await isForgotten('silent'), await isForgotten('leaving'), await isForgotten('unknown')]).toEqual(
      [true, true, true],
    );
  });
});

describe('the list', () => {
  it('holds this process from its start to its end', async () => {
    await registry.onModuleInit();
    expect(await listed()).toEqual(['self']);
    await registry.beat();
    expect(await storage.instances.list()).toEqual([
      { instance: 'self', host: 'here', pid: SELF.pid, beat: 2 },
    ]);
    await registry.onApplicationShutdown();
    expect(await listed()).toEqual([]);
  });

  it('loses those that are gone, with the next beat', async () => {
    await beat('predecessor', 1, 'here', SELF.pid);
    await beat('other', 1);
    await registry.beat();
    expect(await listed()).toEqual(['other', 'self']);
    clock.advance(MINUTE);
    await registry.beat();
    expect(await listed()).toEqual(['self']);
  });
});
