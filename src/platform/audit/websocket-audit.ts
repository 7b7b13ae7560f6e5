import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { ClientAddress } from '../auth/client-address.js';
import type { Caller } from '../../domain/access/access.js';
import { PROBLEMS, type Problem } from '../http/problem.js';
import { AuditLog } from './audit-log.js';

const REFUSED: ReadonlySet<number> = new Set([401, 403, 429]);

/** Tells the audit log who opened a WebSocket, and that somebody was refused one. */
@Injectable()
export class WebSocketAudit {
  constructor(
    private readonly audit: AuditLog,
    private readonly address: ClientAddress,
  ) {}

  /** A WebSocket is open. */
  opened(request: IncomingMessage, caller: Caller): void {
    this.audit.connected(caller, this.address.of(request), 'websocket');
  }

  /** An upgrade is refused. Who it was is not looked into: that would use up a ticket. */
  refused(request: IncomingMessage, { code }: Problem): void {
    if (!REFUSED.has(PROBLEMS[code].status)) return;
    this.audit.refused({
      address: this.address.of(request),
      network: this.address.networkOf(request),
      action: 'alerts.connect',
      target: 'ws/alerts',
      code,
    });
  }
}
