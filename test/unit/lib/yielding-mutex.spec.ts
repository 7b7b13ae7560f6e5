import { describe, expect, it } from '@jest/globals';
import { YieldingMutex } from '../../../src/lib/mutex.js';

describe('turns', () => {
  it('are taken one after another, and what else is to be done comes in between', async () => {
    const log: string[] = [];
    const turns = new YieldingMutex();
    const other = (): void => {
      log.push('other');
      if (log.filter((entry) => entry !== 'other').length < 4) setImmediate(other);
    };
    setImmediate(other);
    const work = ['a', 'b'].map((name) =>
      turns.run(async () => {
        log.push(`${name} begins`);
        await Promise.resolve();
        log.push(`${name} ends`);
        return name;
      }),
    );
    expect(await Promise.all(work)).toEqual(['a', 'b']);
    const own = log.filter((entry) => entry !== 'other');
    expect(own).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
    expect(log.slice(log.indexOf('a ends'), log.indexOf('b begins'))).toContain('other');
  });

  it('go on after a failure', async () => {
    const turns = new YieldingMutex();
    await expect(turns.run(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await turns.run(() => Promise.resolve(1))).toBe(1);
  });
});
