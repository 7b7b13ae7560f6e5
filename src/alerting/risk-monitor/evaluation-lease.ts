import { Inject, Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../lib/clock.js';
import {
  advanced,
  completed,
  NO_PASS,
  released,
  taken,
  type EvaluationPass,
} from '../../domain/alerts/evaluation-pass.js';
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
    const mine = taken(pass, this.registry.id, { parts: SCAN_PARTS, isFresh });
    this.isRunning = true;
    try {
      // Refused when another instance was faster.
      return (await this.store.put(mine)) ? await this.run(mine, signal) : 'busy';
    } finally {
      this.isRunning = false;
    }
  }

  private async run(mine: EvaluationPass, signal: AbortSignal): Promise<EvaluationResult> {
    let pass = mine;
    let savedAt = this.clock.monotonic();
    const save = async (next: EvaluationPass): Promise<boolean> => {
      if (!(await this.store.put(next))) return false;
      pass = next;
      savedAt = this.clock.monotonic();
      return true;
    };
    try {
      const result = await this.evaluation.run(signal, mine.parts, {
        isDue: () => this.clock.monotonic() - savedAt >= SAVE_EVERY_MS,
        reached: async (parts) => {
          if (!(await save(advanced(pass, parts))))
            this.logger.warn('Another instance runs a full evaluation too');
        },
      });
      if (await save(completed(pass))) this.seen = pass.completed;
      return result;
    } catch (error) {
      // Lets other instances resume at once. Should this fail too, they do so when this instance is gone.
      await save(released(pass)).catch((failure: unknown) =>
        this.logger.debug({ err: failure }, 'The lease of an interrupted evaluation could not be released'),
      );
      throw error;
    }
  }
}
