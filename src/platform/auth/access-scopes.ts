import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { type Caller, scopeOf, type AccessScope } from '../../domain/access/access.js';
import { callerOf } from './request-identity.js';

/** Returns the access scope of a caller under the settings of this server. */
@Injectable()
export class AccessScopes {
  constructor(private readonly config: Config) {}

  of(caller: Caller): AccessScope {
    return scopeOf(caller, this.config.security);
  }

  /** The access scope of the caller of an admitted request. */
  ofRequest(request: IncomingMessage): AccessScope {
    return this.of(callerOf(request));
  }
}
