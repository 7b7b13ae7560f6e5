import type { OnApplicationShutdown, OnModuleDestroy } from '@nestjs/common';

export type Phase = 'starting' | 'running' | 'draining';

/** How long work that has begun may go on after a stop. */
const GRACE_MS = 5_000;

/** Where the process is between its start and its end. */
export class Lifecycle implements OnModuleDestroy, OnApplicationShutdown {
  private readonly drain = new AbortController();
  private readonly halt = new AbortController();
  private hasStarted = false;
  private grace: NodeJS.Timeout | undefined;

  constructor(private readonly graceMs = GRACE_MS) {}

  /** `running` once every module has started; `draining` from the first moment of a stop. */
  get phase(): Phase {
    if (this.draining.aborted) return 'draining';
    return this.hasStarted ? 'running' : 'starting';
  }

  /** Aborts at the first moment of a stop: for work that loses nothing when it ends early. */
  get draining(): AbortSignal {
    return this.drain.signal;
  }

  /** Aborts some seconds into a stop: what still runs throws at its next safe point, and the next start finishes it. */
  get halting(): AbortSignal {
    return this.halt.signal;
  }

  /** Every module has started. */
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
