import { ApiProperty, ApiPropertyOptional, getSchemaPath } from '@nestjs/swagger';
import { ALERT_TYPES, CLEAR_REASONS, type AlertType, type ClearReason } from '../../domain/alerts/alert.js';
import type { SilenceMatcherData, AlertMessage } from '../../domain/alerts/alert-message.js';

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
  @ApiProperty({ example: '1795378412019', description: 'The id of the alert that has cleared.' })
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

class AcknowledgedDataDto {
  @ApiProperty({ enum: ALERT_TYPES }) alert!: AlertType;
  @ApiPropertyOptional({ example: 'E0042', description: 'Of an employee alert.' }) employee_id?: string;
  @ApiPropertyOptional({ example: 'dept-sales', description: 'Of a department alert.' })
  department_id?: string;
  @ApiProperty({ example: '1795378412019' }) raised_id!: string;
  @ApiProperty({ example: 'ada@example.com', description: 'The subject that acknowledged it.' }) by!: string;
  @ApiProperty({ nullable: true, type: String, example: 'I talk to her.' }) comment!: string | null;
}

export class AcknowledgedMessageDto extends MessageHead {
  @ApiProperty({ enum: ['alert_acknowledged'] }) type!: 'alert_acknowledged';
  @ApiProperty({ type: AcknowledgedDataDto }) data!: AcknowledgedDataDto;
}

class SilenceMatcherDataDto implements SilenceMatcherData {
  @ApiProperty({ enum: ALERT_TYPES, isArray: true, nullable: true }) types!: AlertType[] | null;
  @ApiProperty({ type: [String], nullable: true }) departments!: string[] | null;
  @ApiProperty({ type: [String], nullable: true }) employee_ids!: string[] | null;
  @ApiProperty({ type: [String], nullable: true }) department_ids!: string[] | null;
}

/** A silence, as the API and messages show it. */
export class SilenceDataDto {
  @ApiProperty({ example: '019ae2b4-8c1e-7f00-9d1c-6f0f5e9a7b10' }) silence_id!: string;
  @ApiProperty({ type: SilenceMatcherDataDto }) matcher!: SilenceMatcherData;
  @ApiProperty({ format: 'date-time' }) starts_at!: string;
  @ApiProperty({ format: 'date-time' }) ends_at!: string;
  @ApiProperty({ example: 'ada@example.com' }) by!: string;
  @ApiProperty({ example: 'The survey of Sales is a rehearsal.' }) reason!: string;
}

export class SilenceSetMessageDto extends MessageHead {
  @ApiProperty({ enum: ['silence_set'] }) type!: 'silence_set';
  @ApiProperty({ type: SilenceDataDto }) data!: SilenceDataDto;
}

class SilenceEndedDataDto {
  @ApiProperty() silence_id!: string;
  @ApiProperty({ example: 'ada@example.com' }) by!: string;
}

export class SilenceEndedMessageDto extends MessageHead {
  @ApiProperty({ enum: ['silence_ended'] }) type!: 'silence_ended';
  @ApiProperty({ type: SilenceEndedDataDto }) data!: SilenceEndedDataDto;
}

/** Every message of the log. */
export const LOG_MESSAGES = [
  EmployeeStressMessageDto,
  DepartmentCriticalMessageDto,
  AlertClearedMessageDto,
  AcknowledgedMessageDto,
  SilenceSetMessageDto,
  SilenceEndedMessageDto,
];

/** The schema of any message of the log. */
export const ALERT_MESSAGE_SCHEMA = { oneOf: LOG_MESSAGES.map((model) => ({ $ref: getSchemaPath(model) })) };

export class AcknowledgedByDto {
  @ApiProperty({ example: '1795378412030' }) id!: string;
  @ApiProperty({ format: 'date-time' }) timestamp!: string;
  @ApiProperty({ example: 'ada@example.com' }) by!: string;
  @ApiProperty({ nullable: true, type: String }) comment!: string | null;
}

/** A raise that fires, and its acknowledgement. */
export type ActiveAlert = AlertMessage & { readonly acknowledged?: AcknowledgedByDto };
