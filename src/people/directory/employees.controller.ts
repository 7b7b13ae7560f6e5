import { Body, Controller, Get, Inject, Param, Patch, Query, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Audited } from '../../platform/audit/audit-context.js';
import { AccessScopes } from '../../platform/auth/access-scopes.js';
import { Requires } from '../../platform/auth/requires.decorator.js';
import { Clock } from '../../lib/clock.js';
import { foldDepartmentName } from '../../domain/people/department.js';
import { ROSTER_ATTRIBUTES, type Employee, type RosterAttribute } from '../../domain/people/employee.js';
import { RATE_NAMES } from '../../domain/surveys/scores.js';
import { decodeCursor, encodeCursor } from '../../platform/http/cursor.js';
import { EntityIdPipe } from '../../platform/http/entity-id.pipe.js';
import { ApiProblems } from '../../platform/http/problem.dto.js';
import { Problem } from '../../platform/http/problem.js';
import { TrackedEmployees } from '../../ingest/departments/tracked-employees.js';
import { EmployeeStore } from '../../storage/ports/entity.store.js';
import { touches, withChanges, withRates, type Changes } from './patch.js';
import { JournaledEdit } from './journaled-edit.js';
import { EmployeeDto, EmployeeListDto, EmployeePatchDto, EmployeeQueryDto } from './people.dto.js';

const NOT_FOUND = 'There is no employee with this id.';

/** Reads and edits employees. */
@ApiTags('People')
@Requires('read_people')
@Controller('employees')
export class EmployeesController {
  constructor(
    @Inject(EmployeeStore) private readonly employees: EmployeeStore,
    private readonly tracked: TrackedEmployees,
    private readonly edits: JournaledEdit,
    private readonly clock: Clock,
    private readonly scopes: AccessScopes,
  ) {}

  @Get()
  @Audited('employees.read', 'employees')
  @ApiOperation({
    summary: 'The employees',
    description: 'A page may be short and still have a `next_cursor`.',
  })
  @ApiOkResponse({ type: EmployeeListDto })
  @ApiProblems('validation_failed', 'bad_cursor', 'storage_unavailable')
  async list(
    @Query() { limit, cursor, department }: EmployeeQueryDto,
    @Req() request: Request,
  ): Promise<EmployeeListDto> {
    const { seesEmployeesOf } = this.scopes.ofRequest(request);
    const after = decodeCursor(cursor);
    const folded = department === undefined ? undefined : foldDepartmentName(department);
    const page = await this.employees.list({
      limit,
      ...(after === undefined ? {} : { after }),
      matches: ({ attributes: { division } }) =>
        seesEmployeesOf(division) && (folded === undefined || foldDepartmentName(division ?? '') === folded),
    });
    return {
      items: page.items.map((employee) => EmployeeDto.of(employee)),
      next_cursor: encodeCursor(page.next),
    };
  }

  @Get(':id')
  @Audited('employees.read', 'employees/:id')
  @ApiOperation({ summary: 'One employee' })
  @ApiOkResponse({ type: EmployeeDto })
  @ApiProblems('not_found', 'storage_unavailable')
  async one(@Param('id', EntityIdPipe) id: string, @Req() request: Request): Promise<EmployeeDto> {
    const employee = (await this.employees.getMany([id])).get(id);
    if (!employee || !this.scopes.ofRequest(request).seesEmployeesOf(employee.attributes.division))
      throw new Problem('not_found', NOT_FOUND);
    return EmployeeDto.of(employee);
  }

  @Requires('operate')
  @Patch(':id')
  @Audited('employees.edit', 'employees/:id')
  @ApiOperation({
    summary: 'Edit an employee',
    description:
      'Null removes a value. Departments are rolled up and everything is evaluated before the response. A newer survey replaces the rates.',
  })
  @ApiOkResponse({ type: EmployeeDto })
  @ApiProblems('validation_failed', 'not_found', 'server_stopping', 'storage_unavailable')
  async edit(@Param('id', EntityIdPipe) id: string, @Body() patch: EmployeePatchDto): Promise<EmployeeDto> {
    const now = this.clock.iso();
    const employee = await this.edits.run({
      store: this.tracked,
      table: 'Employees',
      id,
      change: (current) => edited(current, patch, now),
      divisionOf: ({ attributes }) => attributes.division,
    });
    if (!employee) throw new Problem('not_found', NOT_FOUND);
    return EmployeeDto.of(employee);
  }
}

function edited(employee: Employee, patch: EmployeePatchDto, now: string): Employee {
  const attributes = attributesOf(patch);
  return {
    ...employee,
    attributes: withChanges(ROSTER_ATTRIBUTES, employee.attributes, attributes),
    // From now on a survey does not replace the roster attributes.
    ...(touches(ROSTER_ATTRIBUTES, attributes) ? { rosterUpdatedAt: now } : {}),
    ...(touches(RATE_NAMES, patch)
      ? { metrics: withRates(employee.metrics, patch), metricsUpdatedAt: now }
      : {}),
  };
}

function attributesOf(patch: EmployeePatchDto): Changes<RosterAttribute, string> {
  return Object.fromEntries(
    ROSTER_ATTRIBUTES.map((name) => [name, name === 'division' ? patch.department : patch[name]]),
  );
}
