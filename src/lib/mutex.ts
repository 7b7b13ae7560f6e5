import { setImmediate as nextTurn } from 'node:timers/promises';

/** Runs tasks one at a time, in the order they were given. A task that fails does not stop the ones after it. */
export class Mutex {
  private last: Promise<unknown> = Promise.resolve();

  /** Runs the task after the ones before it; resolves or rejects as the task does. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.last.then(task);
    this.last = result.catch(() => undefined);
    return result;
  }
}

/**
 * Runs CPU-bound tasks one at a time, and yields to the event loop between two: a thousand of them delay a request no
 * longer than one.
 */
export class YieldingMutex {
  private readonly mutex = new Mutex();

  /** Runs the work after the work before it; resolves or rejects as the work does. */
  run<T>(work: () => Promise<T>): Promise<T> {
    return this.mutex.run(async () => {
      await nextTurn();
      return work();
    });
  }
}
