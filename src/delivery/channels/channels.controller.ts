import { Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Audited } from '../../platform/audit/audit-context.js';
import { Requires } from '../../platform/auth/requires.decorator.js';
import { Config } from '../../config/config.js';
import type { DeadLetter } from '../../domain/notifications/channel-state.js';
import { IdRanges } from '../../domain/notifications/id-ranges.js';
import { ZonedTime } from '../../lib/zoned-time.js';
import { decodeCursor, encodeCursor } from '../../platform/http/cursor.js';
import { ApiProblems } from '../../platform/http/problem.dto.js';
import { Problem } from '../../platform/http/problem.js';
import { DeadLetterStore } from '../../storage/ports/dead-letter.store.js';
import { ChannelOperations } from './channel-operations.js';
import { ChannelStatus } from './channel-status.js';
import {
  ChannelDto,
  ChannelListDto,
  DeadLetterDto,
  DeadLetterListDto,
  DeadLetterQueryDto,
  RedriveDto,
  RedriveResultDto,
  TestResultDto,
} from './channels.dto.js';

/** The status of the receivers of the channels file, and what operators can ask of them. */
@ApiTags('Channels')
@Requires('operate')
@Controller('channels')
export class ChannelsController {
  private readonly time: ZonedTime;

  constructor(
    private readonly config: Config,
    private readonly status: ChannelStatus,
    private readonly operations: ChannelOperations,
    @Inject(DeadLetterStore) private readonly letters: DeadLetterStore,
  ) {
    this.time = new ZonedTime(config.alertTimezone);
  }

  @Get()
  @ApiOperation({ summary: 'The status of every receiver: its state, its lag and its last error' })
  @ApiOkResponse({ type: ChannelListDto })
  @ApiProblems('storage_unavailable')
  async list(): Promise<ChannelListDto> {
    return { items: await this.status.all() };
  }

  @Get(':name')
  @ApiOperation({ summary: 'The status of one receiver' })
  @ApiOkResponse({ type: ChannelDto })
  @ApiProblems('not_found', 'storage_unavailable')
  async one(@Param('name') name: string): Promise<ChannelDto> {
    const channel = (await this.status.all()).find((candidate) => candidate.name === name);
    if (channel === undefined) throw unknown();
    return channel;
  }

  @Post(':name/test')
  @Audited('channels.test', 'channels/:name')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Send a test message',
    description:
      'It is sent at once, ahead of everything that waits, and is not retried. The response reports the result.',
  })
  @ApiOkResponse({ type: TestResultDto })
  @ApiProblems('not_found', 'storage_unavailable')
  async test(@Param('name') name: string): Promise<TestResultDto> {
    this.check(name);
    return this.operations.test(name);
  }

  @Post(':name/resume')
  @Audited('channels.resume', 'channels/:name')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Resume a receiver that was stopped',
    description:
      'A receiver stops when its address reports that it is gone for good. It continues where it stopped.',
  })
  @ApiOkResponse({ type: ChannelDto })
  @ApiProblems('not_found', 'storage_unavailable')
  async resume(@Param('name') name: string): Promise<ChannelDto> {
    this.check(name);
    await this.operations.resume(name);
    return this.one(name);
  }

  @Get(':name/dead-letters')
  @ApiOperation({ summary: 'List the messages that could not be delivered, in the order of their events' })
  @ApiOkResponse({ type: DeadLetterListDto })
  @ApiProblems('not_found', 'bad_cursor', 'validation_failed', 'storage_unavailable')
  async deadLetters(
    @Param('name') name: string,
    @Query() { limit, cursor }: DeadLetterQueryDto,
  ): Promise<DeadLetterListDto> {
    this.check(name);
    const letters = await this.letters.list(name, limit + 1, decodeCursor(cursor));
    const items = letters.slice(0, limit);
    const next = letters.length > limit ? items.at(-1)?.key : undefined;
    return { items: items.map((letter) => this.letterOf(letter)), next_cursor: encodeCursor(next) };
  }

  @Post(':name/dead-letters/redrive')
  @Audited('channels.redrive', 'channels/:name')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Send dead letters again',
    description: 'They are sent in the order of their events, with the same ids, within seconds.',
  })
  @ApiAcceptedResponse({ type: RedriveResultDto })
  @ApiProblems('not_found', 'validation_failed', 'storage_unavailable')
  async redrive(@Param('name') name: string, @Query() { key }: RedriveDto): Promise<RedriveResultDto> {
    this.check(name);
    const redriven = await this.operations.redrive(name, key);
    if (redriven === undefined)
      throw new Problem('not_found', 'This receiver has no dead letter with this key.');
    return { redriven };
  }

  private check(name: string): void {
    if (this.config.channels?.receivers.some((receiver) => receiver.name === name) !== true) throw unknown();
  }

  private letterOf({ key, id, endpoint, buriedAt, reason, ids }: DeadLetter): DeadLetterDto {
    const events = IdRanges.parse(ids);
    return {
      key,
      notification_id: id,
      destination: endpoint,
      buried_at: this.time.iso(buriedAt),
      reason,
      events: events.size,
      first_event_id: String(events.first ?? ''),
    };
  }
}

function unknown(): Problem {
  return new Problem('not_found', 'The channels file has no receiver of this name.');
}
