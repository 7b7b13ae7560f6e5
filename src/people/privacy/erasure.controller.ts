import { Controller, Delete, Param, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Audited } from '../../audit/audited.js';
import { callerOf } from '../../platform/auth/request-identity.js';
import { Requires } from '../../platform/auth/requires.decorator.js';
import { EntityIdPipe } from '../../platform/http/entity-id.pipe.js';
import { ApiProblems } from '../../platform/http/problem.dto.js';
import { Problem } from '../../platform/http/problem.js';
import { ErasureDto, ErasureQueryDto } from '../../privacy/erasure.dto.js';
import { Erasures } from './erasure-requests.js';

const RETRY = { headers: { 'Retry-After': '10' } };

/** Removes a person's data. */
@ApiTags('People')
@Requires('administer')
@Controller('employees')
export class ErasureController {
  constructor(private readonly erasures: Erasures) {}

  @Delete(':id')
  @Audited('employees.remove', 'employees/:id')
  @ApiOperation({
    summary: "Remove a person's data",
    description:
      'From the employees, the survey responses, the alert log and the reports of uploads. With `erase` nothing of the person is left; with `anonymise` a random pseudonym has the scores, so that the department stays as it is. What fires for an erased person is cleared as `deleted`; departments are rolled up and everything is evaluated before the answer. It waits its turn behind the uploads before it. A removal that broke off is finished by the next start, or by asking again. A later upload that names the id is about a new person.',
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
    const answer = await this.erasures.request({ employeeId, mode, requestedBy });
    switch (answer.outcome) {
      case 'done':
        return ErasureDto.of(answer.mode, answer.counts);
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
