import { setTimeout as delay } from 'node:timers/promises';
import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { isAbort } from '../../lib/abort.js';
import { PeriodicJob } from '../../lib/periodic-job.js';
import { Config } from '../../config/config.js';
import { DomainEvents } from '../../platform/events/domain-events.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { SyncJournalStore } from '../../storage/ports/sync-journal.store.js';
import { FullEvaluation } from './full-evaluation.js';
import { RiskEvaluator, type EvaluationResult } from './risk-evaluator.js';
import { EvaluationLease } from './evaluation-lease.js';

/** Pause before the evaluation of a start is retried while another instance runs one. */
const RETRY_MS = 1_000;
const FAILURE = 'An evaluation failed; the next one will try again';

/** Decides when to evaluate: after a table was written, periodically, at start and on request. */
@Injectable()
export class RiskMonitor implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(RiskMonitor.name);
  private readonly periodic: PeriodicJob | undefined;
  private first: Promise<void> = Promise.resolve();

  constructor(
    private readonly events: DomainEvents,
    private readonly evaluator: RiskEvaluator,
    private readonly evaluation: FullEvaluation,
    private readonly lease: EvaluationLease,
    private readonly lifecycle: Lifecycle,
    @Inject(SyncJournalStore) private readonly journal: SyncJournalStore,
    config: Config,
  ) {
    if (config.evaluateEveryMs > 0) {
      this.periodic = new PeriodicJob(
        { everyMs: config.evaluateEveryMs, logger: this.logger, failure: FAILURE },
        () => this.evaluateUnlessSyncing(false),
      );
    }
  }

  onModuleInit(): void {
    const { halting } = this.lifecycle;
    // A sync costs in proportion to what it changed. Direct edits of other tools are evaluated when the change stream names
    // them, or by the next full evaluation.
    this.events.listen('employees.synced', async ({ syncId, keys }) =>
      this.publish(syncId, await this.evaluator.evaluateEmployees(keys, halting)),
    );
    this.events.listen('measurements.withdrawn', async ({ syncId, table, keys }) =>
      this.publish(syncId, await this.evaluator.evaluateWithdrawn(table, keys, halting)),
    );
    this.events.listen('departments.synced', async ({ syncId, keys }) =>
      this.publish(syncId, await this.evaluator.evaluateDepartments(keys, halting)),
    );
    this.events.listen('edits.missed', async () => {
      await this.evaluateAll();
    });
  }

  onApplicationBootstrap(): void {
    // Evaluates what changed while no server ran. Not awaited: a large table must not delay the start.
    this.first = this.evaluateUnlessSyncing(true).catch((error: unknown) => this.reportFailure(error));
    this.periodic?.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.first;
    await this.periodic?.stop();
  }

  /**
   * Evaluates every employee and every department, whatever other instances do. Throws StorageError, and an abort when a
   * stop's grace ends.
   */
  async evaluateAll(): Promise<EvaluationResult> {
    const result = await this.evaluation.run(this.lifecycle.halting);
    await this.publish(null, result);
    return result;
  }

  /**
   * Skipped while a sync writes: employees may not yet have the newest scores of its file, and an alert raised from older
   * ones would clear at its end. The end of the sync, or its repair, evaluates what it changed.
   */
  private async evaluateUnlessSyncing(isFresh: boolean): Promise<void> {
    const signal = this.lifecycle.draining;
    while ((await this.journal.list()).length === 0) {
      const attempt = await this.lease.attempt(isFresh, signal);
      if (typeof attempt === 'object') return this.publish(null, attempt);
      if (!isFresh) return;
      await delay(RETRY_MS, undefined, { signal, ref: false });
    }
  }

  private async publish(syncId: string | null, result: EvaluationResult): Promise<void> {
    const { raised, cleared } = result;
    const message = `Evaluated: ${raised} raised, ${cleared} cleared`;
    if (raised + cleared > 0 || syncId !== null) this.logger.log({ syncId, raised, cleared }, message);
    else this.logger.debug({ syncId, raised, cleared }, message);
    await this.events.publish('risk.evaluated', { syncId, ...result });
  }

  private reportFailure(error: unknown): void {
    if (isAbort(error)) return; // the next start evaluates everything
    this.logger.error({ err: error }, FAILURE);
  }
}
