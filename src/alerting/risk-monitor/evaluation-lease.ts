import { Inject, Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../lib/clock.js';
import { nextParts, NO_PASS, type EvaluationPass } from '../../domain/alerts/evaluation-pass.js';
import { Lease, LeaseLostError } from '../../lib/lease.js';
import { InstanceRegistry } from '../../platform/cluster/instance-registry.js';
import { SCAN_PARTS } from '../../storage/ports/entity.store.js';
import { EvaluationPassStore } from '../../storage/ports/evaluation-pass.store.js';
import { FullEvaluation } from './full-evaluation.js';
import type { EvaluationResult } from './risk-evaluator.js';

/** After the death of an instance, at most this much of its pass is repeated. */
const SAVE_EVERY_MS = 10_000;

/** The outcome of an attempt: the result; or that a pass is under way, or that another instance completed one since the last. */
export type Attempt = EvaluationResult | 'busy' | 'done by another';

/**
 * The full evaluation that one instance at a time runs for all of them. A pass that broke off is resumed. When an instance
 * is wrongly considered gone, two passes run at once; even so nothing is raised twice.
 */
@Injectable()
export class EvaluationLease {
  private readonly logger = new Logger(EvaluationLease.name);
  /** The number of completed passes at the last attempt. */
  private seen = 0;
  private isRunning = false;

  constructor(
    @Inject(EvaluationPassStore) private readonly store: EvaluationPassStore,
    @Inject(FullEvaluation) private readonly evaluation: Pick<FullEvaluation, 'run'>,
    private readonly registry: InstanceRegistry,
    private readonly clock: Clock,
  ) {}

  /**
   * Evaluates everything. `isFresh`: from the beginning, whatever other instances did; otherwise only when no instance has
   * completed a pass since the last attempt. Throws StorageError, and the reason of the signal.
   */
  async attempt(isFresh: boolean, signal: AbortSignal): Promise<Attempt> {
    const pass = (await this.store.get()) ?? NO_PASS;
    if (this.isRunning || (await this.registry.isHeldByAnother(pass.holder))) return 'busy';
    const isDone = !isFresh && pass.completed > this.seen;
    this.seen = pass.completed;
    if (isDone) return 'done by another';
    const parts = nextParts(pass, { parts: SCAN_PARTS, isFresh });
    this.isRunning = true;
    try {
      const lease = await Lease.acquire(this.store, { ...pass, parts }, this.registry.id);
      return lease ? await this.run(lease, signal) : 'busy';
    } finally {
      this.isRunning = false;
    }
  }

  private async run(lease: Lease<EvaluationPass>, signal: AbortSignal): Promise<EvaluationResult> {
    let savedAt = this.clock.monotonic();
    try {
      const result = await this.evaluation.run(signal, lease.record.parts, {
        isDue: () => this.clock.monotonic() - savedAt >= SAVE_EVERY_MS,
        reached: async (parts) => {
          if (!(await isStillHeld(lease.write({ parts }))))
            this.logger.warn('Another instance runs a full evaluation too');
          savedAt = this.clock.monotonic();
        },
      });
      const completed = lease.record.completed + 1;
      if (await isStillHeld(lease.release({ completed, parts: [] }))) this.seen = completed;
      return result;
    } catch (error) {
      // Lets other instances resume at once. Should this fail too, they do so when this instance is gone.
      await isStillHeld(lease.release()).catch((failure: unknown) =>
        this.logger.debug({ err: failure }, 'The lease of an interrupted evaluation could not be released'),
      );
      throw error;
    }
  }
}

/** Whether a write through a lease succeeded; false when another instance has acquired it. Rejects with other errors. */
async function isStillHeld(write: Promise<void>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof LeaseLostError) return false;
    throw error;
  }
}
