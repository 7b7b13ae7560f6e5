import { setTimeout as delay } from 'node:timers/promises';
import { isAbort } from '../lib/abort.js';
import type { ChannelWorker } from '../delivery/channels/worker.js';

/** It looks again at the latest after this long, whatever it was told: milliseconds. */
const LONGEST_SLEEP_MS = 60_000;
/** An attempt under way at a stop may end within this time; cut off, it might be made twice. */
const GRACE_MS = 3_000;

/** Has a worker do what is due, whenever something is. */
export class ChannelLoop {
  private readonly aborting = new AbortController();
  private sleeping = new AbortController();
  private isStopping = false;
  private isWoken = false;
  private running: Promise<void> = Promise.resolve();

  /** `onError` is told once why the worker can go on no more; its loop has ended then. */
  constructor(
    private readonly worker: ChannelWorker,
    private readonly onError: (error: unknown) => void,
  ) {}

  start(): void {
    this.running = this.run();
  }

  /** There may be something to do. */
  wake(): void {
    this.isWoken = true;
    this.sleeping.abort();
  }

  /** Resolves when nothing is under way and nothing follows. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.wake();
    const grace = setTimeout(() => this.aborting.abort(), GRACE_MS);
    await this.running;
    clearTimeout(grace);
  }

  private async run(): Promise<void> {
    try {
      while (!this.isStopping) {
        this.isWoken = false;
        this.sleeping = new AbortController();
        const wait = await this.worker.step(this.aborting.signal, () => this.isStopping);
        await this.sleep(wait);
      }
    } catch (error) {
      if (!isAbort(error) || !this.isStopping) this.onError(error);
    }
  }

  private async sleep(ms: number): Promise<void> {
    if (this.isWoken || ms <= 0) return;
    try {
      await delay(Math.min(ms, LONGEST_SLEEP_MS), undefined, { signal: this.sleeping.signal, ref: false });
    } catch {
      // Woken: the only way it rejects.
    }
  }
}
