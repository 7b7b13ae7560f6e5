import { describe, expect, it } from '@jest/globals';
import { pipelined } from '../../../src/lib/async-iterables.js';

// eslint-disable-next-line @typescript-eslint/require-await -- a source without anything to wait for
async function* numbers(many: number): AsyncGenerator<number> {
  for (let number = 1; number <= many; number += 1) yield number;
}

describe('pipelined work', () => {
  it('begins each while the one before is under way, two at most at once, and waits for all', async () => {
    const ends: (() => void)[] = [];
    const begun: number[] = [];
    const all = pipelined(numbers(3), (number) => {
      begun.push(number);
      return new Promise<void>((resolve) => ends.push(resolve));
    });
    const settle = () => new Promise(setImmediate);
    await settle();
    expect(begun).toEqual([1, 2]);
    ends[0]?.();
    await settle();
    expect(begun).toEqual([1, 2, 3]);
    let isDone = false;
    void all.then(() => (isDone = true));
    ends[1]?.();
    await settle();
    expect(isDone).toBe(false);
    ends[2]?.();
    await all;
  });

  it('rejects with the first failure once nothing is under way, and begins nothing after it', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    const all = pipelined(numbers(9), async (number) => {
      begun.push(number);
      await new Promise(setImmediate);
      if (number === 2) throw new Error('no room');
      await new Promise(setImmediate);
      ended.push(number);
    });
    await expect(all).rejects.toThrow('no room');
    expect(begun).toEqual([1, 2, 3]);
    expect(ended).toEqual([1, 3]);
  });

  it('begins a value that follows the one before when that one has ended', async () => {
    const told: string[] = [];
    await pipelined(
      numbers(4),
      async (number) => {
        told.push(`begins ${number}`);
        await new Promise(setImmediate);
        told.push(`ends ${number}`);
      },
      (number, before) => number === 3 && before === 2,
    );
    expect(told.indexOf('begins 2')).toBeLessThan(told.indexOf('ends 1'));
    expect(told.indexOf('begins 3')).toBeGreaterThan(told.indexOf('ends 2'));
    expect(told.indexOf('begins 4')).toBeLessThan(told.indexOf('ends 3'));
  });

  it('begins nothing that follows a failure', async () => {
    const begun: number[] = [];
    const all = pipelined(
      numbers(2),
      (number) => {
        begun.push(number);
        return Promise.reject(new Error('no room'));
      },
      () => true,
    );
    await expect(all).rejects.toThrow('no room');
    expect(begun).toEqual([1]);
  });

  it('takes a source without values', async () => {
    await pipelined(numbers(0), () => Promise.reject(new Error('never')));
  });
});
