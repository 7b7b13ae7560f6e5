import { isIP } from 'node:net';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { ClientAddress } from '../auth/client-address.js';
import { attachAuditContext, AUDITED, type AuditedAs } from './audit-context.js';

/** The address of a closed connection, and of text from a proxy that is no address. */
const UNKNOWN_ADDRESS = 'unknown';

/**
 * Attaches the audit context to a request before any other guard can refuse it. The filter that answers a refusal does not
 * know the handler, and the address is gone once the connection is closed. Admits every request.
 */
@Injectable()
export class AuditContextGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly address: ClientAddress,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<Request>();
    const as = this.reflector.get<AuditedAs | undefined>(AUDITED, context.getHandler());
    const address = this.address.of(request);
    const isKnown = isIP(address) !== 0;
    attachAuditContext(request, {
      ...(as && { as }),
      address: isKnown ? address : UNKNOWN_ADDRESS,
      network: isKnown ? this.address.networkOf(request) : UNKNOWN_ADDRESS,
    });
    return true;
  }
}
