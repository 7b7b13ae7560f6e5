import { setImmediate as nextTurn } from 'node:timers/promises';
import { Serial } from '../lib/mutex.js';

/**
 * Runs pieces of work that keep the processor busy one at a time, and lets the event loop do other things between two:
 * a thousand of them hold up a request no longer than one.
 */
export class BusyTurns {
  private readonly serial = new Serial();

  /** Resolves or rejects as the work does, once its turn came. */
  run<T>(work: () => Promise<T>): Promise<T> {
    return this.serial.run(async () => {
      await nextTurn();
      return work();
    });
  }
}
