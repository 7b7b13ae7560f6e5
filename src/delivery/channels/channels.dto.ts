import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { ListQueryDto } from '../../platform/http/list.dto.js';
import { KIND_NAMES } from './registry.js';

export const CHANNEL_STATES = ['ok', 'failing', 'stopped', 'waiting'] as const;
export type ChannelStateWord = (typeof CHANNEL_STATES)[number];

const STATE = {
  enum: CHANNEL_STATES,
  description:
    '`failing`: the last attempt failed and is retried. `stopped`: its address is gone; nothing is sent until an operator resumes it. `waiting`: no instance serves it yet.',
};

class ChannelErrorDto {
  @ApiProperty({ format: 'date-time' }) at!: string;
  @ApiProperty({ example: 'HTTP 503', description: 'Never holds an address, a secret or text of the peer.' })
  reason!: string;
}

/** One destination of a receiver. */
export class DestinationDto {
  @ApiProperty({ example: 'hr-mail/hr@example.com' }) name!: string;
  @ApiProperty(STATE) state!: ChannelStateWord;
  @ApiProperty({ example: 0, description: 'Events of the log that are not settled yet.' }) lag!: number;
  @ApiProperty({ example: 42, description: 'Messages delivered so far.' }) delivered!: number;
  @ApiProperty({ nullable: true, type: String, format: 'date-time' }) last_delivered_at!: string | null;
  @ApiProperty({ nullable: true, type: String, format: 'date-time' }) failing_since!: string | null;
  @ApiProperty({ nullable: true, type: ChannelErrorDto }) last_error!: ChannelErrorDto | null;
}

/** A receiver of the channels file. */
export class ChannelDto {
  @ApiProperty({ example: 'hr-mail' }) name!: string;
  @ApiProperty({ enum: KIND_NAMES }) kind!: string;
  @ApiProperty({ enum: ['thin', 'full'] }) detail!: string;
  @ApiProperty({ ...STATE, example: 'ok' }) state!: ChannelStateWord;
  @ApiProperty({ example: 0, description: 'The lag of its slowest destination.' }) lag!: number;
  @ApiProperty({ example: 0 }) dead_letters!: number;
  @ApiProperty({ type: [DestinationDto] }) destinations!: DestinationDto[];
}

export class ChannelListDto {
  @ApiProperty({ type: [ChannelDto] }) items!: ChannelDto[];
}

class TestedDestinationDto {
  @ApiProperty({ example: 'hr-mail/hr@example.com' }) name!: string;
  @ApiProperty() delivered!: boolean;
  @ApiProperty({ nullable: true, type: String, example: 'HTTP 404' }) reason!: string | null;
  @ApiProperty({ description: 'Whether another attempt may succeed.' }) retryable!: boolean;
}

/** The result of a test message. */
export class TestResultDto {
  @ApiProperty({ description: 'Whether every destination accepted it.' }) delivered!: boolean;
  @ApiProperty({ type: [TestedDestinationDto] }) destinations!: TestedDestinationDto[];
}

export class DeadLetterQueryDto extends ListQueryDto {}

/** A message that could not be delivered. */
export class DeadLetterDto {
  @ApiProperty({ example: '0001795378412019.automation.1795378412019' }) key!: string;
  @ApiProperty({ description: 'The id of the message, as its receiver would have seen it.' })
  notification_id!: string;
  @ApiProperty({ example: 'automation' }) destination!: string;
  @ApiProperty({ format: 'date-time' }) buried_at!: string;
  @ApiProperty({ example: 'HTTP 400' }) reason!: string;
  @ApiProperty({ example: 1, description: 'How many events it is about.' }) events!: number;
  @ApiProperty({ example: '1795378412019', description: 'The id of its first event.' })
  first_event_id!: string;
}

export class DeadLetterListDto {
  @ApiProperty({ type: [DeadLetterDto] }) items!: DeadLetterDto[];
  @ApiProperty({ nullable: true, type: String }) next_cursor!: string | null;
}

/** Which dead letters are sent again. */
export class RedriveDto {
  @ApiPropertyOptional({ description: 'The key of one dead letter; absent: all that exist now.' })
  @IsOptional()
  @IsString()
  @MaxLength(256)
  key?: string;
}

export class RedriveResultDto {
  @ApiProperty({ example: 3, description: 'How many are sent again, in the order of their events.' })
  redriven!: number;
}
