import { ApiExtraModels, ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import type { LogMessage } from '../../domain/alerts/alert-message.js';
import {
  ALERT_MESSAGE_SCHEMA,
  DepartmentCriticalMessageDto,
  EmployeeStressMessageDto,
  LOG_MESSAGES,
  type ActiveAlert,
  AcknowledgedByDto,
} from './message.dto.js';
import { ALERT_TYPES } from '../../domain/alerts/alert.js';
import { IsTime } from '../../platform/http/is-time.js';
import { ListQueryDto } from '../../platform/http/list.dto.js';

const TYPES = [
  ...ALERT_TYPES,
  'alert_cleared',
  'alert_acknowledged',
  'silence_set',
  'silence_ended',
] as const;

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
    description: 'Only events after this id (or `earliest`), oldest first. Pass `position` to continue.',
    example: '1795378412019',
  })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  after?: string;
}

/** Why an alert was acknowledged. */
export class AcknowledgeDto {
  /** The request may come without a body. */
  static readonly isOptionalBody = true;

  @ApiPropertyOptional({ example: 'I talk to her.' })
  @IsOptional()
  @IsString()
  @MaxLength(1_000)
  comment?: string;
}

const ACTIVE_SCHEMA = {
  allOf: [
    {
      oneOf: [EmployeeStressMessageDto, DepartmentCriticalMessageDto].map((model) => ({
        $ref: getSchemaPath(model),
      })),
    },
    { type: 'object', properties: { acknowledged: { $ref: getSchemaPath(AcknowledgedByDto) } } },
  ],
};

@ApiExtraModels(EmployeeStressMessageDto, DepartmentCriticalMessageDto, AcknowledgedByDto)
export class ActiveAlertListDto {
  @ApiProperty({ type: 'array', items: ACTIVE_SCHEMA }) items!: ActiveAlert[];
  @ApiProperty({ nullable: true, type: String, description: 'Null on the last page.' }) next_cursor!:
    string | null;
  @ApiProperty({
    nullable: true,
    type: String,
    example: '1795378412019',
    description:
      'The id up to which this response is complete. Null on later pages: keep the one of the first page.',
  })
  position!: string | null;
}

@ApiExtraModels(...LOG_MESSAGES)
export class AlertListDto {
  @ApiProperty({ type: 'array', items: ALERT_MESSAGE_SCHEMA }) items!: LogMessage[];
  @ApiProperty({ nullable: true, type: String, description: 'Null on the last page.' }) next_cursor!:
    string | null;
  @ApiProperty({
    nullable: true,
    type: String,
    example: '1795378412019',
    description:
      'The id up to which this response is complete: continue from it with `after`, or with `last_event_id` of a stream. Null on later pages of a list that goes backwards: keep the one of the first page.',
  })
  position!: string | null;
}

export class ResetResultDto {
  @ApiProperty({ example: 43 }) alerts_cleared!: number;
}
