import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import type { AlertMessage } from '../domain/alert-message.js';
import { ALERT_TYPES, CLEAR_REASONS, type AlertType, type ClearReason } from '../domain/alert.js';
import { IsTime } from '../http/is-time.js';
import { ListQueryDto } from '../http/list.dto.js';

const TYPES = [...ALERT_TYPES, 'alert_cleared'] as const;

/** Filters of the alert log. */
export class AlertFilterDto extends ListQueryDto {
  @ApiPropertyOptional({ enum: TYPES, description: 'Only messages of this type.' })
  @IsOptional()
  @IsIn(TYPES)
  type?: (typeof TYPES)[number];

  @ApiPropertyOptional({ description: 'Only alerts of this employee.', example: 'E0042' })
  @IsOptional()
  @IsString()
  @MaxLength(256)
  employee_id?: string;

  @ApiPropertyOptional({ description: 'Only alerts of this department row.', example: 'dept-sales' })
  @IsOptional()
  @IsString()
  @MaxLength(256)
  department_id?: string;

  @ApiPropertyOptional({
    description: 'Only alerts of this department, by name, letter case ignored.',
    example: 'Sales',
  })
  @IsOptional()
  @IsString()
  @MaxLength(256)
  department?: string;

  @ApiPropertyOptional({ description: 'Not before this time.', example: '2026-01-01T00:00:00Z' })
  @IsOptional()
  @IsTime()
  since?: string;

  @ApiPropertyOptional({ description: 'Before this time.', example: '2027-01-01T00:00:00Z' })
  @IsOptional()
  @IsTime()
  until?: string;
}

/** The alert log: backwards from its newest event, or forwards from an id. */
export class AlertListQueryDto extends AlertFilterDto {
  @ApiPropertyOptional({
    description:
      'Only what came after this event id (or `earliest`), oldest first. Pass `position` to go on.',
    example: '1795378412019',
  })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  after?: string;
}

class EmployeeStressDataDto {
  @ApiProperty({ example: 'E0042' }) employee_id!: string;
  @ApiProperty({ example: 'Ada Byron', description: '`Unknown` when no roster names the employee.' })
  employee_name!: string;
  @ApiProperty({ example: 'Sales' }) department!: string;
  @ApiProperty({ example: 'Account Manager' }) position!: string;
  @ApiProperty({ example: 68.8, minimum: 0, maximum: 100 }) stress_rate!: number;
  @ApiProperty({ example: 25, nullable: true, type: Number }) engagement_rate!: number | null;
  @ApiProperty({ example: 62.5, nullable: true, type: Number }) attrition_rate!: number | null;
}

class DepartmentCriticalDataDto {
  @ApiProperty({ example: 'dept-sales' }) department_id!: string;
  @ApiProperty({ example: 'Sales' }) department_name!: string;
  @ApiProperty({ enum: ['critical'] }) overall_risk!: 'critical';
  @ApiProperty({ example: 48.25, nullable: true, type: Number }) engagement_score!: number | null;
}

class AlertClearedDataDto {
  @ApiProperty({ enum: ALERT_TYPES }) alert!: AlertType;
  @ApiPropertyOptional({ example: 'E0042', description: 'Of an employee alert.' }) employee_id?: string;
  @ApiPropertyOptional({ example: 31.2, nullable: true, type: Number }) stress_rate?: number | null;
  @ApiPropertyOptional({ example: 'dept-sales', description: 'Of a department alert.' })
  department_id?: string;
  @ApiPropertyOptional({ example: 'warning', nullable: true, type: String }) overall_risk?: string | null;
  @ApiProperty({ example: '1795378412019', description: 'The id of the alert that is over.' })
  raised_id!: string;
  @ApiProperty({ enum: CLEAR_REASONS }) reason!: ClearReason;
}

class MessageHead {
  @ApiProperty({ example: '1795378412019', description: 'Decimal; only grows; the same for everyone.' })
  id!: string;
  @ApiProperty({ format: 'date-time', example: '2026-11-22T20:12:00.123+00:00' }) timestamp!: string;
}

export class EmployeeStressMessageDto extends MessageHead {
  @ApiProperty({ enum: ['employee_stress'] }) type!: 'employee_stress';
  @ApiProperty({ type: EmployeeStressDataDto }) data!: EmployeeStressDataDto;
}

export class DepartmentCriticalMessageDto extends MessageHead {
  @ApiProperty({ enum: ['department_critical'] }) type!: 'department_critical';
  @ApiProperty({ type: DepartmentCriticalDataDto }) data!: DepartmentCriticalDataDto;
}

export class AlertClearedMessageDto extends MessageHead {
  @ApiProperty({ enum: ['alert_cleared'] }) type!: 'alert_cleared';
  @ApiProperty({ type: AlertClearedDataDto }) data!: AlertClearedDataDto;
}

/** The schema of any alert message. */
export const ALERT_MESSAGE_SCHEMA = {
  oneOf: [EmployeeStressMessageDto, DepartmentCriticalMessageDto, AlertClearedMessageDto].map((model) => ({
    $ref: getSchemaPath(model),
  })),
};

@ApiExtraModels(EmployeeStressMessageDto, DepartmentCriticalMessageDto, AlertClearedMessageDto)
export class AlertListDto {
  @ApiProperty({ type: 'array', items: ALERT_MESSAGE_SCHEMA }) items!: AlertMessage[];
  @ApiProperty({ nullable: true, type: String, description: 'Null on the last page.' }) next_cursor!:
    string | null;
  @ApiProperty({
    nullable: true,
    type: String,
    example: '1795378412019',
    description:
      'The id up to which this answer tells all: go on from here with `after`, or as `last_event_id` of a stream. Null on the later pages of a list that goes backwards: keep that of the first.',
  })
  position!: string | null;
}

export class ResetResultDto {
  @ApiProperty({ example: 43 }) alerts_cleared!: number;
}
