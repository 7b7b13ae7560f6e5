import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { type Caller, scopeOf, type AccessScope } from '../../domain/access/access.js';
import { callerOf } from './request-identity.js';

/** What callers see, under this server's settings. */
@Injectable()
export class AccessScopes {
  constructor(private readonly config: Config) {}

  of(caller: Caller): AccessScope {
    return scopeOf(caller, this.config.security);
  }

  /** What the sender of a request that was let in sees. */
  ofRequest(request: IncomingMessage): AccessScope {
    return this.of(callerOf(request));
  }
}
