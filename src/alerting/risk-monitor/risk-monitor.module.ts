import { Module } from '@nestjs/common';
import { FullEvaluation } from './full-evaluation.js';
import { RiskEvaluator } from './risk-evaluator.js';
import { RiskMonitor } from './risk-monitor.js';
import { RiskDryRunModule } from './risk-dry-run.js';
import { RiskController } from './risk.controller.js';
import { EvaluationLease } from './evaluation-lease.js';

/** Listens for written tables, reads them, and appends what changed to the alert log. */
@Module({
  imports: [RiskDryRunModule],
  controllers: [RiskController],
  providers: [RiskMonitor, RiskEvaluator, FullEvaluation, EvaluationLease],
})
export class RiskMonitorModule {}
