import { Global, Injectable, Module } from '@nestjs/common';
import { AlertLog } from '../log/alert-log.js';
import { Clock } from '../../lib/clock.js';
import { Config } from '../../config/config.js';
import type { AlertDecision } from '../../domain/alerts/alert.js';
import { OverlayEvaluator, type ChangedTables } from '../../ingest/sync/overlay-evaluator.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { AlertDiff, departmentTarget, employeeTarget } from './alert-diff.js';

/** Compares the tables of a dry run with the alerts that fire at the head of the log. */
@Injectable()
export class RiskDryRun extends OverlayEvaluator {
  private readonly diff: AlertDiff;

  constructor(
    private readonly log: AlertLog,
    private readonly lifecycle: Lifecycle,
    private readonly config: Config,
    clock: Clock,
  ) {
    super();
    this.diff = new AlertDiff(log, clock);
  }

  async *evaluate({ employees, departments }: ChangedTables): AsyncIterable<readonly AlertDecision[]> {
    const { rules } = this.config;
    await this.log.refresh();
    const targets = [
      { target: employeeTarget(employees.table, rules), keys: employees.keys },
      { target: departmentTarget(departments.table, rules), keys: departments.keys },
    ];
    for (const { target, keys } of targets) {
      for await (const decisions of this.diff.changed(target, keys)) {
        this.lifecycle.halting.throwIfAborted();
        yield decisions;
      }
    }
  }
}

/** Provides the evaluator of dry runs to the modules below the risk monitor, which cannot import it. */
@Global()
@Module({
  providers: [{ provide: OverlayEvaluator, useClass: RiskDryRun }],
  exports: [OverlayEvaluator],
})
export class RiskDryRunModule {}
