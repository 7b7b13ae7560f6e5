import { Body, Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Audited } from '../audit/audited.js';
import { AccessScopes } from '../platform/auth/access-scopes.js';
import { callerOf } from '../platform/auth/request-identity.js';
import { Requires } from '../platform/auth/requires.decorator.js';
import { seesEvent } from '../domain/access-scope.js';
import type { AcknowledgedMessage } from '../domain/alerts/alert-message.js';
import { ApiProblems } from '../platform/http/problem.dto.js';
import { refuseUnparsedBody } from '../http/optional-body.js';
import { Problem } from '../platform/http/problem.js';
import { Acknowledgements } from '../alerting/actions/acknowledgements.js';
import { AlertHistory } from '../delivery/alerts/alert-queries.js';
import { AlertMessages } from '../delivery/alerts/messages.js';
import { AcknowledgeDto } from '../delivery/alerts/alerts.dto.js';
import { AcknowledgedMessageDto } from '../delivery/alerts/message.dto.js';

/** Says that an alert was seen. */
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
      'Receivers are not reminded of it any more, until it clears. The first acknowledgement counts: asked again, it is answered.',
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
        'Only an alert that fires can be acknowledged: see GET /api/v1/alerts/active.',
      );
    throw new Problem('not_found', 'The log holds no alert with this id.');
  }
}
