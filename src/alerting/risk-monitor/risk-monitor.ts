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
import { Poller } from '../../lib/poller.js';
import { Config } from '../../config/config.js';
import { DomainEvents } from '../../platform/events/domain-events.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { SyncJournalStore } from '../../storage/ports/sync-journal.store.js';
import { FullEvaluation } from './full-evaluation.js';
import { RiskEvaluator, type EvaluationResult } from './risk-evaluator.js';
import { EvaluationLease } from './evaluation-lease.js';

/** How soon the evaluation of a start is tried again while another instance is at one. */
const RETRY_MS = 1_000;

/** Decides when to evaluate: after a table was written, periodically, at start and on request. */
@Injectable()
export class RiskMonitor implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(RiskMonitor.name);
  private readonly periodic: Poller | undefined;
  private first: Promise<void> = Promise.resolve();

  constructor(
    private readonly events: DomainEvents,
    private readonly evaluator: RiskEvaluator,
    private readonly evaluation: FullEvaluation,
    private readonly shared: EvaluationLease,
    private readonly lifecycle: Lifecycle,
    @Inject(SyncJournalStore) private readonly journal: SyncJournalStore,
    config: Config,
  ) {
    if (config.evaluateEveryMs > 0) {
      this.periodic = new Poller(
        config.evaluateEveryMs,
        () => this.evaluateUnlessSyncing(false),
        (error) => this.reportFailure(error),
      );
    }
  }

  onModuleInit(): void {
    const { halting } = this.lifecycle;
    // What a sync costs is in proportion to what it changed: direct edits of others count when a stream tells of them,
    // or at the next full evaluation.
    this.events.listen('employees.synced', async ({ syncId, keys }) =>
      this.report(syncId, await this.evaluator.evaluateEmployees(keys, halting)),
    );
    this.events.listen('measurements.withdrawn', async ({ syncId, table, keys }) =>
      this.report(syncId, await this.evaluator.evaluateWithdrawn(table, keys, halting)),
    );
    this.events.listen('departments.synced', async ({ syncId, keys }) =>
      this.report(syncId, await this.evaluator.evaluateDepartments(keys, halting)),
    );
    this.events.listen('edits.missed', async () => {
      await this.evaluateAll();
    });
  }

  onApplicationBootstrap(): void {
    // What changed while nobody watched. Not awaited: a large table must not delay the start.
    this.first = this.evaluateUnlessSyncing(true).catch((error: unknown) => this.reportFailure(error));
    this.periodic?.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.first;
    await this.periodic?.stop();
  }

  /** Evaluates every employee and every department, whatever other instances do. The end of a stop's grace breaks it off. */
  async evaluateAll(): Promise<EvaluationResult> {
    const result = await this.evaluation.run(this.lifecycle.halting);
    await this.report(null, result);
    return result;
  }

  /**
   * While a sync writes, employees may have scores that are not the newest of its file yet, and what is raised from those
   * would be cleared at its end. That end evaluates everything, and so does the repair of one that broke off.
   */
  private async evaluateUnlessSyncing(isFresh: boolean): Promise<void> {
    const signal = this.lifecycle.draining;
    while ((await this.journal.list()).length === 0) {
      const attempt = await this.shared.attempt(isFresh, signal);
      if (typeof attempt === 'object') return this.report(null, attempt);
      if (!isFresh) return;
      await delay(RETRY_MS, undefined, { signal, ref: false });
    }
  }

  private async report(syncId: string | null, result: EvaluationResult): Promise<void> {
    const { raised, cleared } = result;
    const message = `Evaluated: ${raised} raised, ${cleared} cleared`;
    if (raised + cleared > 0 || syncId !== null) this.logger.log({ syncId, raised, cleared }, message);
    else this.logger.debug({ syncId, raised, cleared }, message);
    await this.events.publish('risk.evaluated', { syncId, ...result });
  }

  private reportFailure(error: unknown): void {
    if (isAbort(error)) return; // the next start evaluates everything
    this.logger.error({ err: error }, 'An evaluation failed; the next one will try again');
  }
}
