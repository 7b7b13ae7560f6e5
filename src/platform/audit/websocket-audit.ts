import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { ClientAddress } from '../auth/client-address.js';
import type { Caller } from '../../domain/access/access.js';
import { PROBLEMS, type Problem } from '../http/problem.js';
import { AuditLog } from './audit-log.js';

const REFUSED: ReadonlySet<number> = new Set([401, 403, 429]);

/** Records opened WebSockets and refused upgrades. */
@Injectable()
export class WebSocketAudit {
  constructor(
    private readonly audit: AuditLog,
    private readonly address: ClientAddress,
  ) {}

  /** Records an opened WebSocket. */
  opened(request: IncomingMessage, caller: Caller): void {
    this.audit.connected(caller, this.address.of(request), 'websocket');
  }

  /** Records a refused upgrade. The caller is not identified, because that would use up a ticket. */
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
