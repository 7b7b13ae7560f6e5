import { Injectable } from '@nestjs/common';
import { Mutex } from '../../lib/mutex.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';

/**
 * Runs imports, undos, erasures and retention one at a time in this process, in the order of the calls. A stop lets the
 * work that runs finish and starts no other: whatever asked for it keeps a durable record of what remains to be done.
 */
@Injectable()
export class ImportLock {
  private readonly mutex = new Mutex();
  private readonly recoveries: (() => Promise<void>)[] = [];

  constructor(private readonly lifecycle: Lifecycle) {}

  /** Resolves or rejects as `work` does; to undefined, without running it, when a stop has begun before its turn. */
  run<T>(work: () => Promise<T>): Promise<T | undefined> {
    return this.mutex.run(async () => (this.lifecycle.phase === 'draining' ? undefined : work()));
  }

  /** Resolves when all work that was given before has ended. */
  async idle(): Promise<void> {
    await this.mutex.run(() => Promise.resolve());
  }

  /** Registers a step that resumes interrupted work of its own. It runs before abandoned uploads are taken over. */
  beforeUploads(recover: () => Promise<void>): void {
    this.recoveries.push(recover);
  }

  /** Runs the registered steps, so that their work has its turn before that of the caller. Throws what a step throws. */
  async recover(): Promise<void> {
    for (const recover of this.recoveries) await recover();
  }
}
