import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { ROLES, type Role } from '../../domain/access/access.js';
import {
  AUDIT_ACTIONS,
  AUDIT_OUTCOMES,
  type AuditAction,
  type AuditEntry,
  type AuditOutcome,
} from '../../domain/access/audit.js';
import { IsTime } from '../http/is-time.js';
import { ListQueryDto } from '../http/list.dto.js';

/** The filters of the audit log. */
export class AuditQueryDto extends ListQueryDto {
  @ApiPropertyOptional({ description: 'Only entries of this subject.', example: 'ada' })
  @IsOptional()
  @IsString()
  @MaxLength(256)
  subject?: string;

  @ApiPropertyOptional({ enum: AUDIT_ACTIONS })
  @IsOptional()
  @IsIn(AUDIT_ACTIONS)
  action?: AuditAction;

  @ApiPropertyOptional({ enum: AUDIT_OUTCOMES })
  @IsOptional()
  @IsIn(AUDIT_OUTCOMES)
  outcome?: AuditOutcome;

  @ApiPropertyOptional({
    description: 'Only entries about this target and the targets below it.',
    example: 'employees/E0042',
  })
  @IsOptional()
  @IsString()
  @MaxLength(512)
  target?: string;

  @ApiPropertyOptional({
    description: 'Only entries at or after this time.',
    example: '2026-01-01T00:00:00Z',
  })
  @IsOptional()
  @IsTime()
  since?: string;

  @ApiPropertyOptional({ description: 'Only entries before this time.', example: '2027-01-01T00:00:00Z' })
  @IsOptional()
  @IsTime()
  until?: string;
}

/** One entry of the audit log. */
export class AuditEntryDto {
  @ApiProperty({ format: 'uuid', description: 'Sorts by time.' }) id!: string;
  @ApiProperty({ format: 'date-time', example: '2026-11-22T20:12:00.123Z' }) at!: string;
  @ApiProperty({
    nullable: true,
    type: String,
    example: 'ada',
    description: 'Null: the caller was not identified.',
  })
  subject!: string | null;
  @ApiProperty({ nullable: true, enum: ROLES, type: String }) role!: Role | null;
  @ApiProperty({ enum: AUDIT_ACTIONS }) action!: AuditAction;
  @ApiProperty({ example: 'employees/E0042', description: 'A path without its query.' }) target!: string;
  @ApiProperty({ enum: AUDIT_OUTCOMES }) outcome!: AuditOutcome;
  @ApiProperty({
    nullable: true,
    type: String,
    example: 'forbidden',
    description:
      'The problem code of the response. With `allowed`: the request failed while it was processed.',
  })
  code!: string | null;
  @ApiProperty({ example: 1, description: 'The number of requests that the entry stands for.' })
  count!: number;
  @ApiProperty({ example: '203.0.113.9' }) address!: string;

  static of({
    id,
    at,
    subject,
    role,
    action,
    target,
    outcome,
    code,
    count,
    address,
  }: AuditEntry): AuditEntryDto {
    return { id, at, subject, role, action, target, outcome, code: code ?? null, count: count ?? 1, address };
  }
}

export class AuditListDto {
  @ApiProperty({ type: [AuditEntryDto] }) items!: AuditEntryDto[];
  @ApiProperty({ nullable: true, type: String, description: 'Null on the last page.' })
  next_cursor!: string | null;
}
