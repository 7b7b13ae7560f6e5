/** Bounds the number of concurrent tasks; the others wait in the order of their calls. */
export class Semaphore {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  /** `count`: at least 1. */
  constructor(count: number) {
    this.free = count;
  }

  /**
   * Runs the task once a slot is free; resolves or rejects as it does. Rejects when `signal` aborts before the task
   * begins.
   */
  async run<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    if (this.free > 0) this.free -= 1;
    else if (!(await this.acquire(signal))) signal.throwIfAborted();
    try {
      return await task();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    }
  }

  /** Resolves to true with a slot, and to false when `signal` aborts first. */
  private acquire(signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const begin = (): void => {
        signal.removeEventListener('abort', leave);
        resolve(true);
      };
      const leave = (): void => {
        this.waiting.splice(this.waiting.indexOf(begin), 1);
        resolve(false);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.waiting.push(begin);
    });
  }
}
