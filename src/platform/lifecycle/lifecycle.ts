import type { OnApplicationShutdown, OnModuleDestroy } from '@nestjs/common';

export type Phase = 'starting' | 'running' | 'draining';

/** How long running work may continue after the stop has begun. */
const GRACE_MS = 5_000;

/** The phase of the process: starting, running or draining. */
export class Lifecycle implements OnModuleDestroy, OnApplicationShutdown {
  private readonly drain = new AbortController();
  private readonly halt = new AbortController();
  private hasStarted = false;
  private grace: NodeJS.Timeout | undefined;

  constructor(private readonly graceMs = GRACE_MS) {}

  /** `running` once every module has started; `draining` as soon as a stop begins. */
  get phase(): Phase {
    if (this.draining.aborted) return 'draining';
    return this.hasStarted ? 'running' : 'starting';
  }

  /** Aborts as soon as a stop begins. For work that can end early without a loss. */
  get draining(): AbortSignal {
    return this.drain.signal;
  }

  /** Aborts 5 s after a stop has begun. Work that still runs throws at its next safe point, and the next start finishes it. */
  get halting(): AbortSignal {
    return this.halt.signal;
  }

  /** Called when every module has started. */
  started(): void {
    this.hasStarted = true;
  }

  onModuleDestroy(): void {
    this.drain.abort();
    this.grace = setTimeout(() => this.halt.abort(), this.graceMs);
  }

  onApplicationShutdown(): void {
    clearTimeout(this.grace);
    this.halt.abort();
  }
}
