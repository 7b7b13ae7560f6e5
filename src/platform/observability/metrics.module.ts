import { Controller, Get, Global, Header, Module, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { StorageMeter } from '../../storage/ports/storage-meter.js';
import { OpenToAll } from '../auth/requires.decorator.js';
import { Metrics, StorageMetrics } from './metrics.js';

/** The metrics for Prometheus. Open to all callers like the probes: the values name no person. */
@ApiTags('Health')
@OpenToAll()
@Controller('metrics')
class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get()
  @Header('Cache-Control', 'no-store')
  @ApiOperation({ summary: 'Metrics in the text format of Prometheus' })
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string' } })
  async scrape(@Res() response: Response): Promise<void> {
    const text = await this.metrics.scrape();
    response.setHeader('Content-Type', this.metrics.contentType);
    response.end(text);
  }
}

/** The metrics, which every module sets and Prometheus reads. */
@Global()
@Module({
  controllers: [MetricsController],
  providers: [Metrics, { provide: StorageMeter, useClass: StorageMetrics }],
  exports: [Metrics, StorageMeter],
})
export class MetricsModule {}
