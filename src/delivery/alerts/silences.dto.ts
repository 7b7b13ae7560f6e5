import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsDefined,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { ALERT_TYPES, type AlertType } from '../../domain/alerts/alert.js';
import { IsTime } from '../../platform/http/is-time.js';
import { SilenceDataDto } from './message.dto.js';

const MOST = 100;
const NAME = 256;
const REASON = 1_000;

const Names = (): PropertyDecorator => (target, property) => {
  for (const decorate of [
    IsOptional(),
    IsArray(),
    ArrayMinSize(1),
    ArrayMaxSize(MOST),
    IsString({ each: true }),
    MinLength(1, { each: true }),
    MaxLength(NAME, { each: true }),
  ])
    decorate(target, property);
};

/** What a silence covers: the alerts that meet every given part. At least one part; both types cover everything. */
export class SilenceMatcherDto {
  @ApiPropertyOptional({ enum: ALERT_TYPES, isArray: true })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @IsIn(ALERT_TYPES, { each: true })
  types?: AlertType[];

  @ApiPropertyOptional({ type: [String], example: ['Sales'], description: 'By name, letter case ignored.' })
  @Names()
  departments?: string[];

  @ApiPropertyOptional({ type: [String], example: ['E0042'] })
  @Names()
  employee_ids?: string[];

  @ApiPropertyOptional({ type: [String], example: ['dept-sales'] })
  @Names()
  department_ids?: string[];
}

/** A silence to set: the alerts, the time, and the reason. */
export class NewSilenceDto {
  @ApiProperty({ type: SilenceMatcherDto })
  @IsDefined()
  @IsObject()
  @ValidateNested()
  @Type(() => SilenceMatcherDto)
  matcher!: SilenceMatcherDto;

  @ApiPropertyOptional({ example: '2026-11-22T20:00:00Z', description: 'Absent: now.' })
  @IsOptional()
  @IsTime()
  starts_at?: string;

  @ApiPropertyOptional({ example: '2026-11-23T06:00:00Z', description: 'Either this or `duration`.' })
  @IsOptional()
  @IsTime()
  ends_at?: string;

  @ApiPropertyOptional({ example: '2h', description: 'Minutes, hours or days: `30m`, `2h`, `7d`.' })
  @IsOptional()
  @Matches(/^\d{1,6}[smhd]$/, { message: 'duration must be a text like 30m, 2h or 7d' })
  duration?: string;

  @ApiProperty({ example: 'The survey of Sales is a rehearsal.' })
  @IsString()
  @Matches(/\S/, { message: 'reason must say something' })
  @MaxLength(REASON)
  reason!: string;
}

export class SilenceListDto {
  @ApiProperty({ type: [SilenceDataDto] }) items!: SilenceDataDto[];
  @ApiProperty({ nullable: true, type: String, description: 'Always null: one page holds all of them.' })
  next_cursor!: null;
}
