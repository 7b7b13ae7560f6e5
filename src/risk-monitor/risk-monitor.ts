import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnModuleInit,
} from '@nestjs/common';
import { isAbort } from '../concurrency/abort.js';
import { Poller } from '../concurrency/poller.js';
import { Config } from '../config/config.js';
import { KeptSums, type SumsCheck } from '../department-sums/kept-sums.js';
import { DomainEvents } from '../events/domain-events.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { Metrics } from '../metrics/metrics.js';
import { SyncJournalStore } from '../storage/sync-journal.store.js';
import { RiskEvaluator, type EvaluationResult } from './risk-evaluator.js';

/** Decides when to evaluate: after a table was written, periodically, at start and on request. */
@Injectable()
export class RiskMonitor implements OnModuleInit, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(RiskMonitor.name);
  private readonly periodic: Poller | undefined;
  private first: Promise<void> = Promise.resolve();

  constructor(
    private readonly events: DomainEvents,
    private readonly evaluator: RiskEvaluator,
    private readonly sums: KeptSums,
    private readonly metrics: Metrics,
    private readonly lifecycle: Lifecycle,
    @Inject(SyncJournalStore) private readonly journal: SyncJournalStore,
    config: Config,
  ) {
    if (config.evaluateEveryMs > 0) {
      this.periodic = new Poller(
        config.evaluateEveryMs,
        () => this.evaluateUnlessSyncing(),
        (error) => this.reportFailure(error),
      );
    }
  }

  onModuleInit(): void {
    const { halting } = this.lifecycle;
    // What a sync costs is in proportion to what it changed: direct edits of others count at the next full evaluation.
    this.events.listen('employees.synced', async ({ syncId, keys }) =>
      this.report(syncId, await this.evaluator.evaluateEmployees(keys, halting)),
    );
    this.events.listen('measurements.withdrawn', async ({ syncId, table, keys }) =>
      this.report(syncId, await this.evaluator.evaluateWithdrawn(table, keys, halting)),
    );
    this.events.listen('departments.synced', async ({ syncId, keys }) =>
      this.report(syncId, await this.evaluator.evaluateDepartments(keys, halting)),
    );
  }

  onApplicationBootstrap(): void {
    // What changed while nobody watched. Not awaited: a large table must not delay the start.
    this.first = this.evaluateUnlessSyncing().catch((error: unknown) => this.reportFailure(error));
    this.periodic?.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.first;
    await this.periodic?.stop();
  }

  /**
   * Evaluates every employee and every department, and learns what other tools have made of the sums of departments. A
   * stop's end of grace, or the given signal, breaks it off.
   */
  async evaluateAll(signal = this.lifecycle.halting): Promise<EvaluationResult> {
    const check = await this.sums.check();
    const employees = await this.evaluator.evaluateEveryEmployee((page) => check.add(page), signal);
    await this.settle(check);
    const departments = await this.evaluator.evaluateDepartments('many', signal);
    const result = {
      raised: employees.raised + departments.raised,
      cleared: employees.cleared + departments.cleared,
    };
    await this.report(null, result);
    return result;
  }

  /**
   * While a sync writes, employees may have scores that are not the newest of its file yet, and what is raised from those
   * would be cleared at its end. That end evaluates everything, and so does the repair of one that broke off.
   */
  private async evaluateUnlessSyncing(): Promise<void> {
    const underWay = await this.journal.list();
    if (underWay.length === 0) await this.evaluateAll(this.lifecycle.draining);
  }

  /** Departments themselves are rolled up by the next sync that has to do with them. */
  private async settle(check: SumsCheck): Promise<void> {
    const { size: drifted } = await check.keep();
    if (drifted === 0) return;
    this.metrics.departmentDrift.inc(drifted);
    this.logger.log(
      { departments: drifted },
      `Other tools have edited employees of ${drifted} department(s)`,
    );
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
