import type { IncomingMessage } from 'node:http';
import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '../../lib/clock.js';
import { Config } from '../../config/config.js';
import { LOCAL_OPERATOR } from '../../domain/access/access.js';
import { Problem } from '../http/problem.js';
import { restCredentials, upgradeCredentials, type Credentials } from './credentials.js';
import { Tickets } from './tickets.js';
import { TokenRefused, TokenVerifier, type Admission, type TokenFault } from './token-verifier.js';

/** Identifies the caller of a request. Throws the problem that names the reason when it cannot, and never admits then. */
@Injectable()
export class Authentication {
  private readonly logger = new Logger(Authentication.name);
  /** Absent where authentication is off. */
  private readonly verifier: TokenVerifier | undefined;

  constructor(
    { security: { auth } }: Config,
    clock: Clock,
    private readonly tickets: Tickets,
  ) {
    this.verifier = auth.mode === 'jwt' ? new TokenVerifier(auth, clock) : undefined;
  }

  /** The caller of a REST request. Rejects with a Problem. */
  ofRequest(request: IncomingMessage): Promise<Admission> {
    return this.of(request, restCredentials);
  }

  /** The caller of a WebSocket upgrade. Rejects with a Problem. Uses up the ticket, if the request has one. */
  ofUpgrade(request: IncomingMessage): Promise<Admission> {
    return this.of(request, upgradeCredentials);
  }

  /** The caller that a token names, where the token did not come with a request. Rejects with a Problem. */
  async ofToken(token: string): Promise<Admission> {
    if (!this.verifier) throw unauthenticated('Authentication is off. No token is needed.');
    try {
      return await this.verifier.verify(token);
    } catch (error) {
      throw this.problemOf(error);
    }
  }

  private async of(
    request: IncomingMessage,
    read: (request: IncomingMessage) => Credentials,
  ): Promise<Admission> {
    if (!this.verifier) return { caller: LOCAL_OPERATOR };
    const credentials = read(request);
    switch (credentials.kind) {
      case 'token':
        return this.ofToken(credentials.token);
      case 'ticket': {
        const admission = await this.tickets.redeem(credentials.ticket, request.headers.origin);
        if (admission) return admission;
        throw unauthenticated(
          'The ticket was used, is older than 30 s, or is for another page. Get a new one.',
        );
      }
      case 'refused':
        throw unauthenticated(credentials.advice);
      case 'none':
        throw unauthenticated('Send "Authorization: Bearer <token>".');
    }
  }

  private problemOf(error: unknown): Problem {
    const fault = error instanceof TokenRefused ? error.fault : 'keys_unavailable';
    if (fault !== 'keys_unavailable') return refusalOf(fault);
    this.logger.error({ err: error }, 'The keys for the verification of tokens are not available');
    return new Problem(
      'keys_unavailable',
      'The keys of the token issuer are not available now. Repeat the request.',
      {
        headers: { 'Retry-After': '10' },
      },
    );
  }
}

const ADVICE: Readonly<Record<Exclude<TokenFault, 'keys_unavailable' | 'no_role'>, string>> = {
  invalid: 'The token is not valid. Check its issuer, audience, type and signature.',
  expired: 'The token has expired. Get a new one.',
  not_yet_valid: 'The token is not valid yet. Check the clock of its issuer.',
  no_subject: 'The token must name its subject in "sub".',
};

function refusalOf(fault: Exclude<TokenFault, 'keys_unavailable'>): Problem {
  if (fault === 'no_role')
    return new Problem('forbidden', 'The token names no role of this server. Ask an administrator for one.');
  return unauthenticated(ADVICE[fault], 'error="invalid_token"');
}

function unauthenticated(detail: string, parameters = ''): Problem {
  const challenge = ['Bearer realm="pulsewatch"', parameters].filter(Boolean).join(', ');
  return new Problem('unauthenticated', detail, { headers: { 'WWW-Authenticate': challenge } });
}
