import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { AuditLog } from '../../platform/audit/audit-log.js';
import { Audited } from '../../platform/audit/audit-context.js';
import { ClientAddress } from '../../platform/auth/client-address.js';
import { ConnectionLimiter } from '../../platform/auth/connection-limiter.js';
import { asNetwork, asSubject } from '../../platform/auth/rate-limiter.js';
import { admissionOf } from '../../platform/auth/request-identity.js';
import { Requires } from '../../platform/auth/requires.decorator.js';
import { Clock } from '../../lib/clock.js';
import { Config } from '../../config/config.js';
import { ApiProblems } from '../../platform/http/problem.dto.js';
import { Problem } from '../../platform/http/problem.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { SseTransport } from './sse-transport.js';
import { Hub } from './hub.js';
import { readStreamSubscription } from './client-protocol.js';

const DESCRIPTION = `For callers that cannot hold a WebSocket: the same messages as its v1 profile, as server-sent events. The
\`id\` of an event is what to resume from; a browser's \`EventSource\` sends it back as \`Last-Event-ID\` by itself. The answer
does not end, so Swagger UI cannot show it: \`curl -N\` can.`;

/** The alerts as a stream of server-sent events. */
@ApiTags('Alerts')
@Requires('read_alerts')
@Controller('alerts/stream')
export class SseController {
  constructor(
    private readonly subscriptions: Hub,
    private readonly lifecycle: Lifecycle,
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly address: ClientAddress,
    private readonly places: ConnectionLimiter,
    private readonly audit: AuditLog,
  ) {}

  @Get()
  @Audited('alerts.connect', 'alerts/stream')
  @ApiOperation({
    summary: 'Receive risk alerts as they happen (server-sent events)',
    description: DESCRIPTION,
  })
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'Replay what came after this id, or `earliest`.',
  })
  @ApiQuery({
    name: 'last_event_id',
    type: String,
    required: false,
    description: 'The same; the header goes first.',
  })
  @ApiQuery({
    name: 'types',
    type: String,
    required: false,
    description: 'Only these types, separated by commas.',
  })
  @ApiQuery({
    name: 'departments',
    type: String,
    required: false,
    description: 'Only these departments, separated by commas.',
  })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ schema: { type: 'string' } })
  @ApiProblems('too_many_connections', 'server_stopping')
  async stream(@Req() request: Request, @Res() response: Response): Promise<void> {
    this.refuseIfFull();
    const admission = admissionOf(request);
    for (const who of [asNetwork(this.address.networkOf(request)), asSubject(admission.caller.subject)]) {
      const giveBack = await this.places.acquire(who);
      if (response.closed) giveBack();
      else response.once('close', giveBack);
    }
    if (response.closed) return;
    // Others may have come while a place was looked for.
    this.refuseIfFull();
    const { stallLimitMs } = this.config.webSocket;
    const stream = new SseTransport(response, { stallLimitMs, clock: this.clock });
    response.once('close', () => this.subscriptions.closed(stream));
    if (request.method === 'HEAD') response.end();
    else {
      const wanted = readStreamSubscription(request.url, request.get('Last-Event-ID'));
      this.subscriptions.open(stream, wanted, admission);
      this.audit.connected(admission.caller, this.address.of(request), 'sse');
    }
  }

  private refuseIfFull(): void {
    const headers = { 'Retry-After': '5' };
    if (this.lifecycle.phase === 'draining')
      throw new Problem('server_stopping', 'Connect again when the server is back.', { headers });
    if (this.subscriptions.isFull)
      throw new Problem('too_many_connections', 'Connect again when others have gone.', { headers });
  }
}
