import { Module } from '@nestjs/common';
import { RiskEvaluator } from './risk-evaluator.js';
import { RiskMonitor } from './risk-monitor.js';
import { RiskPreview } from './risk-preview.js';
import { RiskController } from './risk.controller.js';

/** Listens for written tables, reads them, and appends what changed to the alert log. */
@Module({ controllers: [RiskController], providers: [RiskMonitor, RiskEvaluator, RiskPreview] })
export class RiskMonitorModule {}
