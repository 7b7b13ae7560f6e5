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

const DESCRIPTION = `The messages of the WebSocket's v1 profile as server-sent events, for clients without a WebSocket. The \`id\` of an
event is the position to resume from; the \`EventSource\` of a browser sends it back as \`Last-Event-ID\`. The response does
not end, so Swagger UI cannot show it: use \`curl -N\`.`;

/** The alerts as a stream of server-sent events. */
@ApiTags('Alerts')
@Requires('read_alerts')
@Controller('alerts/stream')
export class SseController {
  constructor(
    private readonly hub: Hub,
    private readonly lifecycle: Lifecycle,
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly address: ClientAddress,
    private readonly connections: ConnectionLimiter,
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
      const release = await this.connections.acquire(who);
      if (response.closed) release();
      else response.once('close', release);
    }
    if (response.closed) return;
    // Others may have connected meanwhile.
    this.refuseIfFull();
    const { stallLimitMs } = this.config.webSocket;
    const stream = new SseTransport(response, { stallLimitMs, clock: this.clock });
    response.once('close', () => this.hub.closed(stream));
    if (request.method === 'HEAD') response.end();
    else {
      const wanted = readStreamSubscription(request.url, request.get('Last-Event-ID'));
      this.hub.open(stream, wanted, admission);
      this.audit.connected(admission.caller, this.address.of(request), 'sse');
    }
  }

  private refuseIfFull(): void {
    const headers = { 'Retry-After': '5' };
    if (this.lifecycle.phase === 'draining')
      throw new Problem('server_stopping', 'Connect again when the server is back.', { headers });
    if (this.hub.isFull)
      throw new Problem('too_many_connections', 'Connect again when others have gone.', { headers });
  }
}
