import { isIP } from 'node:net';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { ClientAddress } from '../auth/client-address.js';
import { rememberAttempt, AUDITED, type AuditedAs } from './audit-context.js';

/** Of a connection that is closed already, or of what a proxy passes on unread. */
const UNKNOWN_ADDRESS = 'unknown';

/**
 * Remembers what a request is about before anybody refuses it, because who answers a refusal knows nothing of handlers;
 * and from where it comes, because that cannot be told any more once its connection is closed. Lets all pass.
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
    rememberAttempt(request, {
      ...(as && { as }),
      address: isKnown ? address : UNKNOWN_ADDRESS,
      network: isKnown ? this.address.networkOf(request) : UNKNOWN_ADDRESS,
    });
    return true;
  }
}
