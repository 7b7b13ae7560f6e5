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

/** How much may have to be done again after an instance died. */
const KEPT_EVERY_MS = 10_000;

/** What came of an attempt: the result; or that a pass is under way, or that another instance made one since the last. */
export type Attempt = EvaluationResult | 'busy' | 'done by another';

/**
 * The full evaluation that the instances make for each other: one at a time, and one of them for all. A pass that broke
 * off is gone on with. Two at once, when one was taken for gone and was not, are two evaluations: nothing is raised twice.
 */
@Injectable()
export class EvaluationLease {
  private readonly logger = new Logger(EvaluationLease.name);
  /** The passes that had been completed at the last attempt. */
  private seen = 0;
  private isMaking = false;

  constructor(
    @Inject(EvaluationPassStore) private readonly store: EvaluationPassStore,
    @Inject(FullEvaluation) private readonly evaluation: Pick<FullEvaluation, 'run'>,
    private readonly registry: InstanceRegistry,
    private readonly clock: Clock,
  ) {}

  /**
   * Evaluates everything; `isFresh`: from the beginning, whatever others did. Otherwise only if none has since the last
   * attempt. Throws StorageError, and the reason of the signal.
   */
  async attempt(isFresh: boolean, signal: AbortSignal): Promise<Attempt> {
    const pass = (await this.store.get()) ?? NO_PASS;
    if (this.isMaking || (await this.registry.isHeldByAnother(pass.holder))) return 'busy';
    const isDone = !isFresh && pass.completed > this.seen;
    this.seen = pass.completed;
    if (isDone) return 'done by another';
    const mine = taken(pass, this.registry.id, { parts: SCAN_PARTS, isFresh });
    this.isMaking = true;
    try {
      // Who was faster makes it.
      return (await this.store.put(mine)) ? await this.make(mine, signal) : 'busy';
    } finally {
      this.isMaking = false;
    }
  }

  private async make(mine: EvaluationPass, signal: AbortSignal): Promise<EvaluationResult> {
    let pass = mine;
    let keptAt = this.clock.monotonic();
    const keep = async (next: EvaluationPass): Promise<boolean> => {
      if (!(await this.store.put(next))) return false;
      pass = next;
      keptAt = this.clock.monotonic();
      return true;
    };
    try {
      const result = await this.evaluation.run(signal, mine.parts, {
        isDue: () => this.clock.monotonic() - keptAt >= KEPT_EVERY_MS,
        reached: async (parts) => {
          if (!(await keep(advanced(pass, parts))))
            this.logger.warn('Another instance evaluates everything, too');
        },
      });
      if (await keep(completed(pass))) this.seen = pass.completed;
      return result;
    } catch (error) {
      // Others need not find out by themselves. If this fails as well they do, once this instance is gone, or it goes on.
      await keep(released(pass)).catch((failure: unknown) =>
        this.logger.debug({ err: failure }, 'An evaluation that broke off could not be given back'),
      );
      throw error;
    }
  }
}
