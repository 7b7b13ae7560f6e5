import { setImmediate as nextTurn } from 'node:timers/promises';

/** Runs tasks one at a time, in the order they were given. A task that fails does not stop the ones after it. */
export class Mutex {
  private last: Promise<unknown> = Promise.resolve();

  /** Resolves or rejects as the task does, once its turn came. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.last.then(task);
    this.last = result.catch(() => undefined);
    return result;
  }
}

/**
 * Runs pieces of work that keep the processor busy one at a time, and lets the event loop do other things between two:
 * a thousand of them hold up a request no longer than one.
 */
export class YieldingMutex {
  private readonly serial = new Mutex();

  /** Resolves or rejects as the work does, once its turn came. */
  run<T>(work: () => Promise<T>): Promise<T> {
    return this.serial.run(async () => {
      await nextTurn();
      return work();
    });
  }
}
