import { describe, expect, it } from '@jest/globals';
import { Semaphore } from '../../../src/lib/semaphore.js';

const never = new AbortController().signal;

/** A task that ends when it is told to. */
function task(log: string[], name: string) {
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const run = async (): Promise<string> => {
    log.push(name);
    await ended;
    return name;
  };
  return { run, end };
}

describe('places', () => {
  it('let so many run at once, and the next ones in their order', async () => {
    const log: string[] = [];
    const places = new Semaphore(2);
    const tasks = ['a', 'b', 'c', 'd'].map((name) => task(log, name));
    const running = tasks.map(({ run }) => places.run(run, never));
    expect(log).toEqual(['a', 'b']);
    tasks[1]?.end();
    expect(await running[1]).toBe('b');
    tasks[0]?.end();
    await running[0];
    tasks.forEach(({ end }) => end());
    expect(await Promise.all(running)).toEqual(['a', 'b', 'c', 'd']);
    expect(log).toEqual(['a', 'b', 'c', 'd']);
  });

  it('are free again after a failure', async () => {
    const places = new Semaphore(1);
    await expect(places.run(() => Promise.reject(new Error('no')), never)).rejects.toThrow('no');
    expect(await places.run(() => Promise.resolve(1), never)).toBe(1);
  });

  it('are not waited for any longer by who is called off', async () => {
    const log: string[] = [];
    const places = new Semaphore(1);
    const [first, second, third] = ['a', 'b', 'c'].map((name) => task(log, name));
    if (!first || !second || !third) throw new Error('there are three');
    const aborting = new AbortController();
    const running = places.run(first.run, never);
    const leaving = places.run(second.run, aborting.signal);
    const staying = places.run(third.run, never);
    aborting.abort();
    await expect(leaving).rejects.toThrow('aborted');
    first.end();
    third.end();
    expect(await Promise.all([running, staying])).toEqual(['a', 'c']);
    expect(log).toEqual(['a', 'c']);
    await expect(places.run(second.run, aborting.signal)).rejects.toThrow('aborted');
    expect(await places.run(() => Promise.resolve(1), never)).toBe(1);
  });
});
