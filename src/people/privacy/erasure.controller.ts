import { Controller, Delete, Param, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags, ApiProperty } from '@nestjs/swagger';
import type { Request } from 'express';
import { Audited } from '../../platform/audit/audit-context.js';
import { callerOf } from '../../platform/auth/request-identity.js';
import { Requires } from '../../platform/auth/requires.decorator.js';
import { EntityIdPipe } from '../../platform/http/entity-id.pipe.js';
import { ApiProblems } from '../../platform/http/problem.dto.js';
import { Problem } from '../../platform/http/problem.js';
import { ErasureRequests } from './erasure-requests.js';
import { IsIn } from 'class-validator';
import { ERASURE_MODES, type ErasureCounts, type ErasureMode } from '../../domain/privacy/erasure.js';

const MODES = `\`erase\` leaves nothing of the person; \`anonymise\` leaves the scores under a random pseudonym.`;

class ErasureQueryDto {
  @ApiProperty({
    enum: ERASURE_MODES,
    description: `${MODES} There is no default, since it cannot be undone.`,
  })
  @IsIn(ERASURE_MODES, { message: 'mode must be anonymise or erase' })
  mode!: ErasureMode;
}

/** What was removed; after an attempt that broke off, by the last one. The pseudonym is not part of any response. */
class ErasureDto {
  @ApiProperty({
    enum: ERASURE_MODES,
    description: 'As requested; as first requested, where an interrupted removal was finished.',
  })
  mode!: ErasureMode;
  @ApiProperty({ example: 4, description: 'Survey responses removed or anonymised.' }) responses!: number;
  @ApiProperty({ example: 3, description: 'Messages of the alert log that were overwritten.' })
  alerts!: number;
  @ApiProperty({ example: 0, description: 'Errors and previews overwritten in reports of uploads.' })
  findings!: number;
  @ApiProperty({ example: 0, description: 'By the evaluation that followed.' }) alerts_raised!: number;
  @ApiProperty({ example: 1 }) alerts_cleared!: number;

  static of(mode: ErasureMode, counts: ErasureCounts): ErasureDto {
    const { responses, alerts, findings, alertsRaised, alertsCleared } = counts;
    return { mode, responses, alerts, findings, alerts_raised: alertsRaised, alerts_cleared: alertsCleared };
  }
}

const RETRY = { headers: { 'Retry-After': '10' } };

/** Removes a person's data on request. */
@ApiTags('People')
@Requires('administer')
@Controller('employees')
export class ErasureController {
  constructor(private readonly erasures: ErasureRequests) {}

  @Delete(':id')
  @Audited('employees.remove', 'employees/:id')
  @ApiOperation({
    summary: "Remove a person's data",
    description:
      'Removes the person from the employees, the survey responses, the alert log and the reports of uploads. With `erase` nothing of the person is left; with `anonymise` a random pseudonym keeps the scores, so that the department does not change. The alerts of an erased person clear as `deleted`; departments are rolled up and everything is evaluated before the response. It waits for the uploads before it. A removal that broke off is finished by the next start, or by a repeated request. A later upload that names the id is about a new person.',
  })
  @ApiOkResponse({ type: ErasureDto })
  @ApiProblems(
    'validation_failed',
    'not_found',
    'uploads_under_way',
    'server_stopping',
    'storage_unavailable',
  )
  async remove(
    @Param('id', EntityIdPipe) employeeId: string,
    @Query() { mode }: ErasureQueryDto,
    @Req() request: Request,
  ): Promise<ErasureDto> {
    const { subject: requestedBy } = callerOf(request);
    const result = await this.erasures.request({ employeeId, mode, requestedBy });
    switch (result.outcome) {
      case 'done':
        return ErasureDto.of(result.mode, result.counts);
      case 'unknown':
        throw new Problem('not_found', 'Nothing is kept of an employee with this id.');
      case 'uploads_under_way':
        throw new Problem(
          'uploads_under_way',
          'Another instance imports a file, which may name the person. Repeat the request when it has finished.',
          RETRY,
        );
      case 'stopping':
        throw new Problem('server_stopping', 'Repeat the request when the server is back.', RETRY);
    }
  }
}
