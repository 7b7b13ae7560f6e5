import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { OpenToAll } from '../auth/requires.decorator.js';
import { ApiProblems } from '../http/problem.dto.js';
import { Problem } from '../http/problem.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { StorageHealth } from '../../storage/ports/storage.js';
import { Degradations } from './degradations.js';

class HealthDto {
  @ApiProperty({ enum: ['ok'] }) status!: 'ok';
}

class ReadinessDto {
  @ApiProperty({ enum: ['ok', 'degraded'] }) status!: 'ok' | 'degraded';
  @ApiPropertyOptional({
    example: ['redis'],
    type: [String],
    description: 'Optional services that are unavailable. Everything works without them, some of it later.',
  })
  degraded?: readonly string[];
}

/** Liveness and readiness probes. */
@ApiTags('Health')
@OpenToAll()
@Controller('health')
export class HealthController {
  constructor(
    @Inject(StorageHealth) private readonly storage: StorageHealth,
    private readonly lifecycle: Lifecycle,
    private readonly degradations: Degradations,
  ) {}

  @Get('live')
  @ApiOperation({ summary: 'Check whether the process answers' })
  @ApiOkResponse({ type: HealthDto })
  live(): HealthDto {
    return { status: 'ok' };
  }

  @Get('ready')
  @ApiOperation({
    summary:
      'Check whether requests can be served: the storage answers, and the server neither starts nor stops',
  })
  @ApiOkResponse({ type: ReadinessDto })
  @ApiProblems('not_ready', 'storage_unavailable')
  async ready(): Promise<ReadinessDto> {
    const { phase } = this.lifecycle;
    if (phase !== 'running') {
      const doing = phase === 'draining' ? 'stopping' : 'starting';
      throw new Problem(
        'not_ready',
        `The server is ${doing}. Use another instance, or repeat the request later.`,
        {
          headers: { 'Retry-After': '10' },
        },
      );
    }
    await this.storage.ping();
    const degraded = this.degradations.current;
    return degraded.length === 0 ? { status: 'ok' } : { status: 'degraded', degraded };
  }
}
