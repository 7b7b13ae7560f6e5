import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import type { ReceiverKind } from '../../config/channels-config.js';
import { ListQueryDto } from '../../platform/http/list.dto.js';

const KINDS: readonly ReceiverKind[] = ['webhook', 'slack', 'teams', 'email', 'web_push'];
export const CHANNEL_STATES = ['ok', 'failing', 'stopped', 'waiting'] as const;
export type ChannelStateWord = (typeof CHANNEL_STATES)[number];

const STATE = {
  enum: CHANNEL_STATES,
  description:
    '`failing`: the last attempt failed and is made again. `stopped`: its address is gone; nothing is sent until somebody resumes it. `waiting`: no instance has begun to work it.',
};

class ChannelErrorDto {
  @ApiProperty({ format: 'date-time' }) at!: string;
  @ApiProperty({ example: 'HTTP 503', description: 'Never an address, a secret or what the peer wrote.' })
  reason!: string;
}

/** One place that messages of a receiver go to. */
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
  @ApiProperty({ enum: KINDS }) kind!: ReceiverKind;
  @ApiProperty({ enum: ['thin', 'full'] }) detail!: string;
  @ApiProperty({ ...STATE, example: 'ok' }) state!: ChannelStateWord;
  @ApiProperty({ example: 0, description: 'That of the destination that is furthest behind.' }) lag!: number;
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

/** What became of a test message. */
export class TestResultDto {
  @ApiProperty({ description: 'Whether every destination took it.' }) delivered!: boolean;
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
  @ApiProperty({ example: 1, description: 'How many events it tells of.' }) events!: number;
  @ApiProperty({ example: '1795378412019', description: 'The id of its first event.' })
  first_event_id!: string;
}

export class DeadLetterListDto {
  @ApiProperty({ type: [DeadLetterDto] }) items!: DeadLetterDto[];
  @ApiProperty({ nullable: true, type: String }) next_cursor!: string | null;
}

/** Which dead letters are to be tried again. */
export class RedriveDto {
  @ApiPropertyOptional({ description: 'The key of one of them; absent: all that there are by now.' })
  @IsOptional()
  @IsString()
  @MaxLength(256)
  key?: string;
}

export class RedriveResultDto {
  @ApiProperty({ example: 3, description: 'How many will be tried again, in the order of their events.' })
  redriven!: number;
}
