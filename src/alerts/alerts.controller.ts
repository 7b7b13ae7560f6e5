import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AlertLog } from '../alert-log/alert-log.js';
import { decodeCursor, encodeCursor } from '../http/cursor.js';
import { ApiProblems } from '../http/problem.dto.js';
import { Problem } from '../http/problem.js';
import { AlertHistory, matcher, type AlertFilter } from './alert-history.js';
import { AlertMessages, type AlertMessage } from './alert-messages.js';
import { AlertReset } from './alert-reset.js';
import { ALERT_MESSAGE_SCHEMA, AlertFilterDto, AlertListDto, ResetResultDto } from './alerts.dto.js';

/** The alert log and what fires, over REST. */
@ApiTags('Alerts')
@Controller('alerts')
export class AlertsController {
  constructor(
    private readonly log: AlertLog,
    private readonly history: AlertHistory,
    private readonly messages: AlertMessages,
    private readonly resetting: AlertReset,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'The alert log, newest first',
    description:
      'Raised and cleared alerts, as the WebSocket sends them. A page may be short and still have a `next_cursor`.',
  })
  @ApiOkResponse({ type: AlertListDto })
  @ApiProblems('validation_failed', 'bad_cursor', 'storage_unavailable')
  async list(@Query() query: AlertFilterDto): Promise<AlertListDto> {
    const page = await this.history.list(filterOf(query), query.limit, idFromCursor(query.cursor));
    return {
      items: page.items.map((event) => this.messages.of(event)),
      next_cursor: encodeCursor(page.next),
    };
  }

  @Get('active')
  @ApiOperation({ summary: 'What fires now, newest first' })
  @ApiOkResponse({ type: AlertListDto })
  @ApiProblems('validation_failed', 'bad_cursor')
  active(@Query() query: AlertFilterDto): AlertListDto {
    const before = idFromCursor(query.cursor) ?? Number.MAX_SAFE_INTEGER;
    const matches = matcher(filterOf(query));
    const since = query.since === undefined ? -Infinity : Date.parse(query.since);
    const events = this.log
      .active()
      .toReversed()
      .filter((event) => event.id < before && event.at >= since && matches(event));
    const items = events.slice(0, query.limit);
    const next = events.length > items.length ? items.at(-1)?.id : undefined;
    return {
      items: items.map((event) => this.messages.of(event)),
      next_cursor: encodeCursor(next === undefined ? undefined : String(next)),
    };
  }

  @Get(':id')
  @ApiOperation({ summary: 'One message of the log' })
  @ApiOkResponse({ schema: ALERT_MESSAGE_SCHEMA })
  @ApiProblems('not_found', 'storage_unavailable')
  async one(@Param('id') id: string): Promise<AlertMessage> {
    const event = /^\d{1,15}$/.test(id) ? await this.history.find(Number(id)) : undefined;
    if (!event) throw new Problem('not_found', 'The log holds no alert with this id.');
    return this.messages.of(event);
  }

  @Post('reset')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Forget what fires',
    description:
      'Every active alert is cleared with the reason `reset`; what is still true fires again at the next evaluation.',
  })
  @ApiOkResponse({ type: ResetResultDto })
  @ApiProblems('storage_unavailable')
  async reset(): Promise<ResetResultDto> {
    return { alerts_cleared: await this.resetting.run() };
  }
}

function idFromCursor(cursor: string | undefined): number | undefined {
  const id = decodeCursor(cursor);
  if (id === undefined) return undefined;
  if (!/^\d{1,15}$/.test(id)) throw new Problem('bad_cursor', 'This cursor belongs to another list.');
  return Number(id);
}

function filterOf({
  type,
  employee_id,
  department_id,
  department,
  since,
  until,
}: AlertFilterDto): AlertFilter {
  const alert = employee_id === undefined ? 'department_critical' : 'employee_stress';
  const entityId = employee_id ?? department_id;
  return {
    ...(type === undefined
      ? {}
      : type === 'alert_cleared'
        ? { kind: 'cleared' }
        : { kind: 'raised', alert: type }),
    ...(entityId === undefined ? {} : { alert, entityId }),
    ...(department === undefined ? {} : { department }),
    ...(since === undefined ? {} : { since: Date.parse(since) }),
    ...(until === undefined ? {} : { until: Date.parse(until) }),
  };
}
