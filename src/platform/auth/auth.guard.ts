import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';
import { isGranted } from '../../domain/access/access.js';
import { Problem } from '../http/problem.js';
import { Authentication } from './authentication.js';
import { OriginCheck } from './origin-check.js';
import { ClientAddress } from './client-address.js';
import {
  asNetwork,
  asSubject,
  COUNTED_AS,
  rateLimitHeaders,
  RateLimiter,
  tooMany,
  type Counted,
} from './rate-limiter.js';
import { rememberAdmission } from './request-identity.js';
import { REQUIREMENT, type Requirement } from './requires.decorator.js';

/** Admits a request to its handler. A handler that declares no requirement admits no request. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authentication: Authentication,
    private readonly origin: OriginCheck,
    private readonly address: ClientAddress,
    private readonly limits: RateLimiter,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // A WebSocket is admitted in its upgrade, before a handler exists.
    if (context.getType() !== 'http') return true;
    const targets = [context.getHandler(), context.getClass()];
    const requirement = this.reflector.getAllAndOverride<Requirement | undefined>(REQUIREMENT, targets);
    if (requirement === 'nothing') return true;
    const request = context.switchToHttp().getRequest<Request>();
    const response = context.switchToHttp().getResponse<Response>();
    this.origin.checkRequest(request);
    const counted = this.reflector.getAllAndOverride<Counted | undefined>(COUNTED_AS, targets) ?? 'requests';
    // The network is counted before authentication, so that attempts with guessed tokens count too.
    await this.count(counted, asNetwork(this.address.networkOf(request)), response);
    const admission = await this.authentication.ofRequest(request);
    const { subject, role } = admission.caller;
    await this.count(counted, asSubject(subject), response);
    if (requirement === undefined || !isGranted(role, requirement))
      throw new Problem(
        'forbidden',
        'Your role does not allow this request. Ask an administrator for a role that does.',
      );
    rememberAdmission(request, admission);
    return true;
  }

  private async count(counted: Counted, who: string, response: Response): Promise<void> {
    const allowance = await this.limits.consume(counted, who);
    if (!allowance) return;
    if (allowance.isExceeded) throw tooMany(allowance);
    response.set(rateLimitHeaders(allowance));
  }
}
