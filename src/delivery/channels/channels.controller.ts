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

/** How the receivers of the channels file are doing, and what can be asked of them. */
@ApiTags('Channels')
@Requires('operate')
@Controller('channels')
export class ChannelsController {
  private readonly time: ZonedTime;

  constructor(
    private readonly config: Config,
    private readonly status: ChannelStatus,
    private readonly requests: ChannelOperations,
    @Inject(DeadLetterStore) private readonly letters: DeadLetterStore,
  ) {
    this.time = new ZonedTime(config.alertTimezone);
  }

  @Get()
  @ApiOperation({ summary: 'Every receiver: how it is doing, how far behind, and what went wrong last' })
  @ApiOkResponse({ type: ChannelListDto })
  @ApiProblems('storage_unavailable')
  async list(): Promise<ChannelListDto> {
    return { items: await this.status.all() };
  }

  @Get(':name')
  @ApiOperation({ summary: 'One receiver' })
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
      'At once, past everything that waits, and without another try. The answer says what became of it.',
  })
  @ApiOkResponse({ type: TestResultDto })
  @ApiProblems('not_found', 'storage_unavailable')
  async test(@Param('name') name: string): Promise<TestResultDto> {
    this.check(name);
    return this.requests.test(name);
  }

  @Post(':name/resume')
  @Audited('channels.resume', 'channels/:name')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Go on with a receiver that was stopped',
    description:
      'A receiver is stopped when its address says that it is gone for good. It goes on where it was.',
  })
  @ApiOkResponse({ type: ChannelDto })
  @ApiProblems('not_found', 'storage_unavailable')
  async resume(@Param('name') name: string): Promise<ChannelDto> {
    this.check(name);
    await this.requests.resume(name);
    return this.one(name);
  }

  @Get(':name/dead-letters')
  @ApiOperation({ summary: 'The messages that could not be delivered, in the order of their events' })
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
    summary: 'Try dead letters again',
    description: 'In the order of their events, with the ids that they had, as soon as their instance can.',
  })
  @ApiAcceptedResponse({ type: RedriveResultDto })
  @ApiProblems('not_found', 'validation_failed', 'storage_unavailable')
  async redrive(@Param('name') name: string, @Query() { key }: RedriveDto): Promise<RedriveResultDto> {
    this.check(name);
    const redriven = await this.requests.redrive(name, key);
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
