/** Lets work on one id wait for the work on it that this process began before. Work on different ids does not wait. */
export class Turns {
  private readonly last = new Map<string, Promise<unknown>>();

  /** Runs `work` when it is the id's turn, and tells it whether there was something to wait for. */
  async take<Result>(id: string, work: (hasWaited: boolean) => Promise<Result>): Promise<Result> {
    const before = this.last.get(id);
    const result = before === undefined ? work(false) : before.then(() => work(true));
    const ended = result.then(
      () => undefined,
      () => undefined,
    );
    this.last.set(id, ended);
    try {
      return await result;
    } finally {
      if (this.last.get(id) === ended) this.last.delete(id);
    }
  }
}
