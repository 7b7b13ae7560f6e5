import { Controller, Get, HttpCode, Param, Post, Query, Req, Body } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags, ApiBody } from '@nestjs/swagger';
import { Audited } from '../../platform/audit/audit-context.js';
import { AccessScopes } from '../../platform/auth/access-scopes.js';
import { Requires } from '../../platform/auth/requires.decorator.js';
import type { Request } from 'express';
import { AlertLog } from '../../alerting/log/alert-log.js';
import { seesEvent, type AccessScope } from '../../domain/access/access.js';
import type { LogMessage, AcknowledgedMessage } from '../../domain/alerts/alert-message.js';
import { decodeCursor, encodeCursor } from '../../platform/http/cursor.js';
import { ApiProblems } from '../../platform/http/problem.dto.js';
import { Problem } from '../../platform/http/problem.js';
import { AlertFollowing, AlertHistory, matcher, type AlertFilter } from './alert-queries.js';
import { AlertMessages } from './messages.js';
import { AlertReset } from '../../alerting/actions/alert-reset.js';
import { ALERT_MESSAGE_SCHEMA, AcknowledgedMessageDto } from './message.dto.js';
import { resumeFrom } from './client-protocol.js';
import {
  ActiveAlertListDto,
  AlertFilterDto,
  AlertListDto,
  AlertListQueryDto,
  ResetResultDto,
  AcknowledgeDto,
} from './alerts.dto.js';
import { callerOf } from '../../platform/auth/request-identity.js';
import { refuseUnparsedBody } from '../../platform/http/validation.js';
import { Acknowledgements } from '../../alerting/actions/acknowledgements.js';

/** Acknowledges alerts. */
@ApiTags('Alerts')
@Requires('acknowledge')
@Controller('alerts')
export class AcknowledgeController {
  constructor(
    private readonly acknowledgements: Acknowledgements,
    private readonly history: AlertHistory,
    private readonly messages: AlertMessages,
    private readonly scopes: AccessScopes,
  ) {}

  @Post(':id/acknowledge')
  @Audited('alerts.acknowledge', 'alerts/:id')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Acknowledge an alert',
    description:
      'Receivers get no more reminders of it until it clears. The first acknowledgement counts; a later request returns it.',
  })
  @ApiBody({ type: AcknowledgeDto, required: false })
  @ApiOkResponse({ type: AcknowledgedMessageDto })
  @ApiProblems(
    'not_found',
    'not_firing',
    'validation_failed',
    'unsupported_media_type',
    'storage_unavailable',
  )
  async acknowledge(
    @Param('id') id: string,
    @Body() { comment }: AcknowledgeDto,
    @Req() request: Request,
  ): Promise<AcknowledgedMessage> {
    refuseUnparsedBody(request);
    const scope = this.scopes.ofRequest(request);
    const raisedId = /^\d{1,15}$/.test(id) ? Number(id) : -1;
    const by = callerOf(request).subject;
    const acknowledged = await this.acknowledgements.acknowledge({
      raisedId,
      by,
      comment,
      sees: scope.seesAlert,
    });
    if (acknowledged) return this.messages.acknowledged(acknowledged);
    const event = await this.history.find(raisedId);
    if (event && seesEvent(scope, event))
      throw new Problem(
        'not_firing',
        'Only an active alert can be acknowledged: see GET /api/v1/alerts/active.',
      );
    throw new Problem('not_found', 'The log holds no alert with this id.');
  }
}

/** The alert log and the active alerts, over REST. */
@ApiTags('Alerts')
@Requires('read_alerts')
@Controller('alerts')
export class AlertsController {
  constructor(
    private readonly log: AlertLog,
    private readonly history: AlertHistory,
    private readonly following: AlertFollowing,
    private readonly messages: AlertMessages,
    private readonly resetting: AlertReset,
    private readonly scopes: AccessScopes,
  ) {}

  @Get()
  @Audited('alerts.read', 'alerts')
  @ApiOperation({
    summary: 'List the alert log, newest first; or the events after an id, oldest first',
    description:
      'The events as the WebSocket sends them. A page may be short and still have a `next_cursor`. A caller that polls passes the `position` of one response as `after` of the next request, and misses nothing.',
  })
  @ApiOkResponse({ type: AlertListDto })
  @ApiProblems('validation_failed', 'bad_cursor', 'position_lost', 'storage_unavailable')
  async list(@Query() query: AlertListQueryDto, @Req() request: Request): Promise<AlertListDto> {
    const cursor = readCursor(query.cursor);
    const after = cursor?.after ?? query.after;
    const filter = filterOf(query, this.scopes.ofRequest(request));
    return after === undefined
      ? this.backwards(filter, query.limit, cursor?.before)
      : this.forwards(filter, query.limit, after);
  }

  @Get('active')
  @Audited('alerts.read', 'alerts/active')
  @ApiOperation({ summary: 'List the active alerts, newest first' })
  @ApiOkResponse({ type: ActiveAlertListDto })
  @ApiProblems('validation_failed', 'bad_cursor')
  active(@Query() query: AlertFilterDto, @Req() request: Request): ActiveAlertListDto {
    const before = readCursor(query.cursor)?.before;
    const matches = matcher(filterOf(query, this.scopes.ofRequest(request)));
    const since = query.since === undefined ? -Infinity : Date.parse(query.since);
    const events = this.log
      .active()
      .toReversed()
      .filter((event) => event.id < (before ?? Infinity) && event.at >= since && matches(event));
    const items = events.slice(0, query.limit);
    const next = events.length > items.length ? items.at(-1)?.id : undefined;
    return {
      items: items.map((event) => this.messages.active(event, this.log.acknowledgementOf(event.id))),
      next_cursor: encodeCursor(next === undefined ? undefined : String(next)),
      position: before === undefined ? String(this.log.head) : null,
    };
  }

  @Get(':id')
  @Audited('alerts.read', 'alerts/:id')
  @ApiOperation({ summary: 'Get one message of the log' })
  @ApiOkResponse({ schema: ALERT_MESSAGE_SCHEMA })
  @ApiProblems('not_found', 'storage_unavailable')
  async one(@Param('id') id: string, @Req() request: Request): Promise<LogMessage> {
    const event = /^\d{1,15}$/.test(id) ? await this.history.find(Number(id)) : undefined;
    if (!event || !seesEvent(this.scopes.ofRequest(request), event))
      throw new Problem('not_found', 'The log holds no alert with this id.');
    return this.messages.of(event);
  }

  @Requires('operate')
  @Post('reset')
  @Audited('alerts.reset', 'alerts')
  @HttpCode(200)
  @ApiOperation({
    summary: 'Clear every active alert',
    description:
      'Every active alert is cleared with the reason `reset`. Alerts whose condition still holds are raised again at the next evaluation.',
  })
  @ApiOkResponse({ type: ResetResultDto })
  @ApiProblems('storage_unavailable')
  async reset(): Promise<ResetResultDto> {
    return { alerts_cleared: await this.resetting.run() };
  }

  private async backwards(filter: AlertFilter, limit: number, before?: number): Promise<AlertListDto> {
    const { head } = this.log;
    const page = await this.history.list(filter, limit, before);
    const newest = Math.max(head, page.items[0]?.id ?? 0);
    return {
      items: page.items.map((event) => this.messages.of(event)),
      next_cursor: encodeCursor(page.next),
      position: before === undefined ? String(newest) : null,
    };
  }

  private async forwards(filter: AlertFilter, limit: number, after: string): Promise<AlertListDto> {
    const page = await this.following.list(filter, limit, resumeFrom(after));
    return {
      items: page.items.map((event) => this.messages.of(event)),
      next_cursor: encodeCursor(page.hasMore ? `after ${page.position}` : undefined),
      position: String(page.position),
    };
  }
}

/** A cursor is an id: what is below it comes next, or what is after it. */
function readCursor(cursor: string | undefined): { before?: number; after?: string } | undefined {
  const text = decodeCursor(cursor);
  if (text === undefined) return undefined;
  const [, after, id] = /^(after )?(\d{1,15})$/.exec(text) ?? [];
  if (id === undefined) throw new Problem('bad_cursor', 'This cursor belongs to another list.');
  return after === undefined ? { before: Number(id) } : { after: id };
}

function kindOf(type: NonNullable<AlertFilterDto['type']>): Pick<AlertFilter, 'kind' | 'alert'> {
  switch (type) {
    case 'alert_cleared':
      return { kind: 'cleared' };
    case 'alert_acknowledged':
      return { kind: 'acknowledged' };
    case 'silence_set':
    case 'silence_ended':
      return { kind: type };
    default:
      return { kind: 'raised', alert: type };
  }
}

function filterOf(
  { type, employee_id, department_id, department, since, until }: AlertFilterDto,
  scope: AccessScope,
): AlertFilter {
  const alert = employee_id === undefined ? 'department_critical' : 'employee_stress';
  const entityId = employee_id ?? department_id;
  return {
    scope,
    ...(type === undefined ? {} : kindOf(type)),
    ...(entityId === undefined ? {} : { alert, entityId }),
    ...(department === undefined ? {} : { department }),
    ...(since === undefined ? {} : { since: Date.parse(since) }),
    ...(until === undefined ? {} : { until: Date.parse(until) }),
  };
}
