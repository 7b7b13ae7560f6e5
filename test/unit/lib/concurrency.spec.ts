import { describe, expect, it } from '@jest/globals';
import { mapConcurrent } from '../../../src/lib/map-concurrent.js';
import { Poller } from '../../../src/lib/poller.js';
import { Mutex } from '../../../src/lib/mutex.js';

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => (resolve = done));
  return { promise, resolve };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('Mutex', () => {
  it('runs one at a time in order, also after a failure', async () => {
    const serial = new Mutex();
    const log: string[] = [];
    const task = (name: string) => async () => {
      log.push(`${name} begins`);
      await turn();
      log.push(`${name} ends`);
      if (name === 'a') throw new Error('a fails');
      return name;
    };
    const [a, b] = [serial.run(task('a')), serial.run(task('b'))];
    await expect(a).rejects.toThrow('a fails');
    await expect(b).resolves.toBe('b');
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });
});

describe('Poller', () => {
  it('goes on after a failure, and is still once stopped', async () => {
    const errors: unknown[] = [];
    let runs = 0;
    await new Promise<void>((resolve) => {
      const poller = new Poller(
        1,
        () => {
          runs += 1;
          if (runs === 1) return Promise.reject(new Error('once'));
          resolve();
          void poller.stop();
          return Promise.resolve();
        },
        (error) => errors.push(error),
      );
      poller.start();
    });
    await turn();
    expect([runs, errors]).toEqual([2, [new Error('once')]]);
  });
});

describe('a Poller that is stopped', () => {
  it('waits for the run under way, and begins no other', async () => {
    const log: string[] = [];
    const [begun, finish] = [deferred(), deferred()];
    const poller = new Poller(
      1,
      async () => {
        log.push('begun');
        begun.resolve();
        await finish.promise;
        log.push('ended');
      },
      (error) => log.push(String(error)),
    );
    poller.start();
    await begun.promise;
    const stopped = poller.stop().then(() => void log.push('stopped'));
    await turn();
    expect(log).toEqual(['begun']);
    finish.resolve();
    await stopped;
    expect(log).toEqual(['begun', 'ended', 'stopped']);
  });

  it('may be stopped before it was started', async () => {
    const nothing = () => Promise.resolve();
    await expect(new Poller(1, nothing, () => undefined).stop()).resolves.toBeUndefined();
  });
});

describe('mapConcurrent', () => {
  it('keeps the order and the limit', async () => {
    let running = 0;
    let most = 0;
    const results = await mapConcurrent([5, 4, 3, 2, 1], 2, async (item) => {
      most = Math.max(most, (running += 1));
      for (let turns = 0; turns < item; turns += 1) await turn();
      running -= 1;
      return item * 10;
    });
    expect([results, most]).toEqual([[50, 40, 30, 20, 10], 2]);
  });

  it('begins nothing after a failure, and waits for what is under way', async () => {
    const done: number[] = [];
    const work = async (item: number) => {
      await turn();
      if (item === 1) throw new Error('one');
      await turn();
      done.push(item);
    };
    await expect(mapConcurrent([1, 2, 3, 4], 2, work)).rejects.toThrow('one');
    expect(done).toEqual([2]);
  });
});
