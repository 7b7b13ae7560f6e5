import { Body, Controller, Get, Inject, Param, Patch, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Audited } from '../../platform/audit/audit-context.js';
import { AccessScopes } from '../../platform/auth/access-scopes.js';
import { Requires } from '../../platform/auth/requires.decorator.js';
import { Clock } from '../../lib/clock.js';
import { Config } from '../../config/config.js';
import { overallRisk, type Department } from '../../domain/people/department.js';
import { RATE_NAMES } from '../../domain/surveys/scores.js';
import { asShown, takesScores } from '../../domain/people/small-groups.js';
import { decodeCursor, encodeCursor } from '../../platform/http/cursor.js';
import { EntityIdPipe } from '../../platform/http/entity-id.pipe.js';
import { ApiProblems } from '../../platform/http/problem.dto.js';
import { Problem } from '../../platform/http/problem.js';
import { DepartmentStore } from '../../storage/ports/entity.store.js';
import { touches, withRates } from './patch.js';
import { JournaledEdit } from './journaled-edit.js';
import { DepartmentDto, DepartmentListDto, DepartmentPatchDto, DepartmentQueryDto } from './people.dto.js';

const NOT_FOUND = 'There is no department with this id.';
const TOO_SMALL =
  'The scores of this department are withheld, because groups this small are not shown: edit its employees instead.';

/** Reads and edits departments. */
@ApiTags('People')
@Requires('read_people')
@Controller('departments')
export class DepartmentsController {
  constructor(
    @Inject(DepartmentStore) private readonly departments: DepartmentStore,
    private readonly edits: JournaledEdit,
    private readonly clock: Clock,
    private readonly scopes: AccessScopes,
    private readonly config: Config,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'The departments',
    description: 'A page may be short and still have a `next_cursor`.',
  })
  @ApiOkResponse({ type: DepartmentListDto })
  @ApiProblems('validation_failed', 'bad_cursor', 'storage_unavailable')
  async list(
    @Query() { limit, cursor, overall_risk }: DepartmentQueryDto,
    @Req() request: Request,
  ): Promise<DepartmentListDto> {
    const { seesDepartment } = this.scopes.ofRequest(request);
    const after = decodeCursor(cursor);
    const page = await this.departments.list({
      limit,
      ...(after === undefined ? {} : { after }),
      matches: (department) =>
        seesDepartment(department.departmentName) &&
        (overall_risk === undefined || this.shown(department).overallRisk?.toLowerCase() === overall_risk),
    });
    return {
      items: page.items.map((item) => DepartmentDto.of(this.shown(item))),
      next_cursor: encodeCursor(page.next),
    };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One department' })
  @ApiOkResponse({ type: DepartmentDto })
  @ApiProblems('not_found', 'storage_unavailable')
  async one(@Param('id', EntityIdPipe) id: string, @Req() request: Request): Promise<DepartmentDto> {
    const department = (await this.departments.getMany([id])).get(id);
    if (!department || !this.scopes.ofRequest(request).seesDepartment(department.departmentName))
      throw new Problem('not_found', NOT_FOUND);
    return DepartmentDto.of(this.shown(department));
  }

  @Requires('operate')
  @Patch(':id')
  @Audited('departments.edit', 'departments/:id')
  @ApiOperation({
    summary: 'Edit the metrics of a department',
    description:
      'Null removes a rate. The department is evaluated before the response. Its next roll-up replaces the edit.',
  })
  @ApiOkResponse({ type: DepartmentDto })
  @ApiProblems('validation_failed', 'not_found', 'group_too_small', 'server_stopping', 'storage_unavailable')
  async edit(
    @Param('id', EntityIdPipe) id: string,
    @Body() patch: DepartmentPatchDto,
  ): Promise<DepartmentDto> {
    const now = this.clock.iso();
    const isHidden = (of: Department | undefined) =>
      of !== undefined && !takesScores(of, this.config.minGroupSize);
    if (isHidden((await this.departments.getMany([id])).get(id)))
      throw new Problem('group_too_small', TOO_SMALL);
    const department = await this.edits.run({
      store: this.departments,
      table: 'Departments',
      id,
      // A roll-up may have hidden the department meanwhile.
      change: (current) => (isHidden(current) ? current : edited(current, patch, now)),
      divisionOf: () => undefined,
    });
    if (!department) throw new Problem('not_found', NOT_FOUND);
    if (isHidden(department)) throw new Problem('group_too_small', TOO_SMALL);
    return DepartmentDto.of(department);
  }

  private shown(department: Department): Department {
    return asShown(department, this.config.minGroupSize);
  }
}

function edited(department: Department, patch: DepartmentPatchDto, now: string): Department {
  const { overallRisk: storedRisk, engagementScore: _, ...rest } = department;
  const metrics = withRates(department.metrics, patch);
  const engagement = metrics.rates.engagement_rate;
  const risk = patch.overall_risk ?? (touches(RATE_NAMES, patch) ? overallRisk(metrics.rates) : storedRisk);
  return {
    ...rest,
    metrics,
    ...(engagement === undefined ? {} : { engagementScore: engagement }),
    ...(risk === undefined ? {} : { overallRisk: risk }),
    metricsUpdatedAt: now,
    metricsRevision: (department.metricsRevision ?? 0) + 1,
  };
}
