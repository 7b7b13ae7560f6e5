import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { Audited } from '../../platform/audit/audit-context.js';
import { Requires } from '../../platform/auth/requires.decorator.js';
import { ApiProblems } from '../../platform/http/problem.dto.js';
import { SyncService } from './sync.service.js';

class SyncResultDto {
  @ApiProperty({ format: 'uuid' }) sync_id!: string;
  @ApiProperty({ example: 2, description: 'Departments whose roll-up changed.' })
  departments_changed!: number;
}

/** Recomputes the Departments table from Employees on request. */
@ApiTags('Sync')
@Requires('operate')
@Controller('sync')
export class SyncController {
  constructor(private readonly sync: SyncService) {}

  @Post()
  @Audited('sync.run', 'sync')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Recompute Departments from Employees, and evaluate both',
    description: 'For use after direct edits of the Employees table. Responds when the evaluation is done.',
  })
  @ApiOkResponse({ type: SyncResultDto })
  @ApiProblems('server_stopping', 'storage_unavailable')
  async run(): Promise<SyncResultDto> {
    const { syncId, departmentsChanged } = await this.sync.recompute();
    return { sync_id: syncId, departments_changed: departmentsChanged };
  }
}
