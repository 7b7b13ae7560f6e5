import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { ApiProblems } from '../http/problem.dto.js';
import { StorageHealth } from '../storage/storage-health.js';

class HealthDto {
  @ApiProperty({ enum: ['ok'] }) status!: 'ok';
}

/** Probes for whoever runs the process. */
@ApiTags('Health')
@Controller('health')
export class HealthController {
  constructor(@Inject(StorageHealth) private readonly storage: StorageHealth) {}

  @Get('live')
  @ApiOperation({ summary: 'Whether the process answers; asks nothing else' })
  @ApiOkResponse({ type: HealthDto })
  live(): HealthDto {
    return { status: 'ok' };
  }

  @Get('ready')
  @ApiOperation({ summary: 'Whether requests can be served: the storage answers' })
  @ApiOkResponse({ type: HealthDto })
  @ApiProblems('storage_unavailable')
  async ready(): Promise<HealthDto> {
    await this.storage.ping();
    return { status: 'ok' };
  }
}
