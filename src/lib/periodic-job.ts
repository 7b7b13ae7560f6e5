import { setTimeout as delay } from 'node:timers/promises';
import { isAbort } from './abort.js';
import { Mutex } from './mutex.js';

/** Where a job logs; a logger of Nest is one. */
export interface JobLogger {
  log(message: string): void;
  error(details: { readonly err: unknown }, message: string): void;
}

export interface PeriodicJobOptions {
  /** Pause between the end of a run and the beginning of the next one, in milliseconds; above 0. */
  readonly everyMs: number;
  readonly logger: JobLogger;
  /** The log message of a failed run. */
  readonly failure: string;
  /**
   * The log message of the first run that succeeds after a failure. With it only the first failure in a row is logged;
   * without it every failure is, and no recovery.
   */
  readonly recovery?: string;
  /** Whether {@link PeriodicJob.start} begins a run at once instead of after the first pause. */
  readonly runsAtStart?: boolean;
}

/**
 * Repeats a task from {@link start} to {@link stop}. Two runs never overlap. A run that fails is logged, and the next
 * one follows as usual; a run that was aborted is neither a failure nor a success. The pauses do not keep the process
 * alive.
 */
export class PeriodicJob {
  private readonly stopping = new AbortController();
  private readonly mutex = new Mutex();
  private loop: Promise<void> | undefined;
  private failing = false;

  /** `task` receives a signal that aborts when the job is stopped: a long run ends early by it. */
  constructor(
    private readonly options: PeriodicJobOptions,
    private readonly task: (signal: AbortSignal) => Promise<void>,
  ) {}

  /** Whether the last run that ended has failed. */
  get isFailing(): boolean {
    return this.failing;
  }

  /** Aborts when the job is stopped: the signal that the task receives, for runs that others begin. */
  get signal(): AbortSignal {
    return this.stopping.signal;
  }

  /** Begins to repeat, and returns without waiting for a run. Does nothing after the first call, and after a stop. */
  start(): void {
    this.loop ??= this.repeat();
  }

  /**
   * Runs once more, after the run that is under way, if any. Resolves when that run has ended, also when it failed: the
   * failure is logged like every other one. Does nothing after a stop.
   */
  runNow(): Promise<void> {
    return this.mutex.run(() => this.runOnce());
  }

  /** Resolves when no run is under way and none will follow. Idempotent. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop;
    await this.mutex.run(() => Promise.resolve());
  }

  private async repeat(): Promise<void> {
    if (this.options.runsAtStart === true) await this.runNow();
    for (;;) {
      try {
        await delay(this.options.everyMs, undefined, { signal: this.stopping.signal, ref: false });
      } catch {
        return; // stop() interrupts the pause: nothing else rejects it
      }
      await this.runNow();
    }
  }

  private async runOnce(): Promise<void> {
    const { signal } = this.stopping;
    if (signal.aborted) return;
    try {
      await this.task(signal);
      this.succeeded();
    } catch (error) {
      this.failed(error);
    }
  }

  private succeeded(): void {
    const { logger, recovery } = this.options;
    if (this.failing && recovery !== undefined) logger.log(recovery);
    this.failing = false;
  }

  private failed(error: unknown): void {
    if (isAbort(error)) return;
    const { logger, failure, recovery } = this.options;
    if (!this.failing || recovery === undefined) logger.error({ err: error }, failure);
    this.failing = true;
  }
}
