/** Runs tasks one at a time, in the order they were given. A task that fails does not stop the ones after it. */
export class Serial {
  private last: Promise<unknown> = Promise.resolve();

  /** Resolves or rejects as the task does, once its turn came. */
  run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.last.then(task);
    this.last = result.catch(() => undefined);
    return result;
  }
}
