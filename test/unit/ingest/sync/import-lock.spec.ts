import { describe, expect, it } from '@jest/globals';
import { ImportLock } from '../../../../src/ingest/sync/import-lock.js';
import { Lifecycle } from '../../../../src/platform/lifecycle/lifecycle.js';

describe('the import lock', () => {
  it('runs one work at a time, in the order of the calls, and goes on after a failure', async () => {
    const lock = new ImportLock(new Lifecycle());
    const order: string[] = [];
    const work = (name: string) => async () => {
      order.push(`${name} begins`);
      await new Promise(setImmediate);
      order.push(`${name} ends`);
      if (name === 'one') throw new Error('one failed');
      return name;
    };
    const [one, two] = [lock.run(work('one')), lock.run(work('two'))];
    await expect(one).rejects.toThrow('one failed');
    expect(await two).toBe('two');
    expect(order).toEqual(['one begins', 'one ends', 'two begins', 'two ends']);
  });

  it('starts no work once a stop has begun, lets the running work finish, and is idle then', async () => {
    const lifecycle = new Lifecycle();
    const lock = new ImportLock(lifecycle);
    const order: string[] = [];
    const running = lock.run(async () => {
      await new Promise(setImmediate);
      order.push('finished');
      return 'finished';
    });
    const waiting = lock.run(() => Promise.resolve(order.push('started')));
    await new Promise((resolve) => process.nextTick(resolve));
    lifecycle.onModuleDestroy();
    await lock.idle();
    lifecycle.onApplicationShutdown();
    expect(order).toEqual(['finished']);
    expect([await running, await waiting]).toEqual(['finished', undefined]);
  });

  it('runs the steps of a recovery in their order, and stops at one that fails', async () => {
    const lock = new ImportLock(new Lifecycle());
    const order: string[] = [];
    lock.beforeUploads(() => Promise.resolve(void order.push('one')));
    lock.beforeUploads(() => Promise.reject(new Error('two failed')));
    lock.beforeUploads(() => Promise.resolve(void order.push('three')));
    await expect(lock.recover()).rejects.toThrow('two failed');
    expect(order).toEqual(['one']);
  });
});
