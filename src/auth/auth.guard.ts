import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';
import { isGranted } from '../domain/access.js';
import { Problem } from '../http/problem.js';
import { Authentication } from './authentication.js';
import { REQUIREMENT, type Requirement } from './requires.js';
import { rememberCaller } from './request-caller.js';

/** Admits a request to its handler. A handler that does not say what it requires admits nobody. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authentication: Authentication,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // The WebSocket admits in its upgrade, before there is anything to guard.
    if (context.getType() !== 'http') return true;
    const requirement = this.reflector.getAllAndOverride<Requirement | undefined>(REQUIREMENT, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (requirement === 'nothing') return true;
    const request = context.switchToHttp().getRequest<Request>();
    const caller = await this.authentication.of(request);
    if (requirement === undefined || !isGranted(caller.role, requirement))
      throw new Problem(
        'forbidden',
        'Your role does not allow this. Ask an administrator for one that does.',
      );
    rememberCaller(request, caller);
    return true;
  }
}
