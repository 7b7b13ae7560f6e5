import { Body, Controller, Delete, Get, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Audited } from '../../platform/audit/audit-context.js';
import { callerOf } from '../../platform/auth/request-identity.js';
import { Requires } from '../../platform/auth/requires.decorator.js';
import { Clock } from '../../lib/clock.js';
import { parseDuration } from '../../lib/units.js';
import { Config } from '../../config/config.js';
import { silenceData } from '../../domain/alerts/alert-message.js';
import type { SilenceSetEvent } from '../../domain/alerts/log-event.js';
import { coversNothing, type SilenceMatcher } from '../../domain/alerts/silence.js';
import { ZonedTime } from '../../lib/zoned-time.js';
import { API_PREFIX } from '../../platform/http/api-prefix.js';
import { ApiProblems } from '../../platform/http/problem.dto.js';
import { Problem } from '../../platform/http/problem.js';
import { NewSilenceDto, SilenceListDto, type SilenceMatcherDto } from './silences.dto.js';
import { SilenceDataDto } from './message.dto.js';
import { MAX_SILENCES, Silences } from '../../alerting/actions/silences.js';

const YEAR_MS = 366 * 86_400_000;

/** Silences: receivers are not notified of some alerts for a time. */
@ApiTags('Silences')
@Requires('silence')
@Controller('silences')
export class SilencesController {
  private readonly time: ZonedTime;

  constructor(
    private readonly silences: Silences,
    private readonly clock: Clock,
    config: Config,
  ) {
    this.time = new ZonedTime(config.alertTimezone);
  }

  @Post()
  @Audited('silences.set', 'silences/:silence_id')
  @ApiOperation({
    summary: 'Silence alerts for a time',
    description:
      'Silenced alerts are still raised and cleared, and appear in the API and on the WebSocket. Receivers of the channels file are not notified of raises that the silence covers; they are notified of those that still fire when it ends. Resolved notifications go only to receivers that were notified of the alert.',
  })
  @ApiCreatedResponse({ type: SilenceDataDto })
  @ApiProblems('validation_failed', 'too_many_silences', 'storage_unavailable')
  async set(
    @Body() body: NewSilenceDto,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SilenceDataDto> {
    const { startsAt, endsAt } = this.span(body);
    const silence = await this.silences.set({
      matcher: matcherOf(body.matcher),
      ...{ startsAt, endsAt, reason: body.reason, by: callerOf(request).subject },
    });
    if (silence === undefined)
      throw new Problem('too_many_silences', `End one of the ${MAX_SILENCES} silences, or widen one.`);
    response.location(`/${API_PREFIX}/silences/${silence.silenceId}`);
    return this.of(silence);
  }

  @Get()
  @Audited('alerts.read', 'silences')
  @ApiOperation({ summary: 'List the silences in force and to come, newest first' })
  @ApiOkResponse({ type: SilenceListDto })
  list(): SilenceListDto {
    return { items: this.silences.current().map((silence) => this.of(silence)), next_cursor: null };
  }

  @Get(':id')
  @Audited('alerts.read', 'silences/:id')
  @ApiOperation({ summary: 'One silence' })
  @ApiOkResponse({ type: SilenceDataDto })
  @ApiProblems('not_found')
  one(@Param('id') id: string): SilenceDataDto {
    const silence = this.silences.find(id);
    if (silence === undefined) throw unknown();
    return this.of(silence);
  }

  @Delete(':id')
  @Audited('silences.end', 'silences/:id')
  @HttpCode(204)
  @ApiOperation({ summary: 'End a silence before its time' })
  @ApiNoContentResponse()
  @ApiProblems('not_found', 'storage_unavailable')
  async end(@Param('id') id: string, @Req() request: Request): Promise<void> {
    if (!(await this.silences.end(id, callerOf(request).subject))) throw unknown();
  }

  private of(silence: SilenceSetEvent): SilenceDataDto {
    return silenceData(silence, this.time);
  }

  private span({ starts_at, ends_at, duration }: NewSilenceDto): { startsAt: number; endsAt: number } {
    const now = this.clock.now();
    const startsAt = starts_at === undefined ? now : Date.parse(starts_at);
    if ((ends_at === undefined) === (duration === undefined))
      throw wrong('ends_at', 'send either ends_at or duration');
    const endsAt =
      ends_at === undefined ? startsAt + (parseDuration(duration ?? '') ?? 0) : Date.parse(ends_at);
    const field = ends_at === undefined ? 'duration' : 'ends_at';
    if (endsAt <= startsAt || endsAt <= now)
      throw wrong(field, `${field} must lead beyond starts_at and now`);
    if (endsAt > now + YEAR_MS) throw wrong(field, `${field} must end within a year`);
    return { startsAt, endsAt };
  }
}

function matcherOf({ types, departments, employee_ids, department_ids }: SilenceMatcherDto): SilenceMatcher {
  const matcher = {
    ...(types ? { types } : {}),
    ...(departments ? { departments } : {}),
    ...(employee_ids ? { employeeIds: employee_ids } : {}),
    ...(department_ids ? { departmentIds: department_ids } : {}),
  };
  if (Object.keys(matcher).length === 0)
    throw wrong('matcher', 'matcher must have a part; name both types to silence everything');
  if (coversNothing(matcher))
    throw wrong('matcher', 'matcher must have parts that one alert can meet: set two silences');
  return matcher;
}

function wrong(field: string, message: string): Problem {
  return new Problem('validation_failed', 'Correct the fields listed in "errors".', {
    errors: [{ field, message }],
  });
}

function unknown(): Problem {
  return new Problem('not_found', 'No silence of this id is in force or to come.');
}
