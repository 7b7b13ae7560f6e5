import { setTimeout as delay } from 'node:timers/promises';

/**
 * Repeats a task until stopped, `everyMs` after the end of the run before; never two at once. A run that fails is
 * reported and the next one follows as usual.
 */
export class Poller {
  private readonly stopping = new AbortController();
  private loop: Promise<void> = Promise.resolve();

  constructor(
    private readonly everyMs: number,
    private readonly task: () => Promise<void>,
    private readonly onError: (error: unknown) => void,
  ) {}

  start(): void {
    this.loop = this.run();
  }

  /** Resolves when no run is under way and none will follow. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  private async run(): Promise<void> {
    for (;;) {
      try {
        await delay(this.everyMs, undefined, { signal: this.stopping.signal, ref: false });
      } catch {
        return; // stop() interrupts the pause: the only way it rejects
      }
      await this.task().catch(this.onError);
    }
  }
}
