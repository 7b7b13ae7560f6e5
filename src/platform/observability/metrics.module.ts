import { Global, Module } from '@nestjs/common';
import { MetricsController } from './metrics.controller.js';
import { StorageMeter } from '../../storage/ports/storage-meter.js';
import { Metrics, StorageMetrics } from './metrics.js';

/** The metrics, which every module sets and Prometheus reads. */
@Global()
@Module({
  controllers: [MetricsController],
  providers: [Metrics, { provide: StorageMeter, useClass: StorageMetrics }],
  exports: [Metrics, StorageMeter],
})
export class MetricsModule {}
