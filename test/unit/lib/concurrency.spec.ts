import { describe, expect, it } from '@jest/globals';
import { mapConcurrent } from '../../../src/lib/map-concurrent.js';
import { Mutex } from '../../../src/lib/mutex.js';

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
