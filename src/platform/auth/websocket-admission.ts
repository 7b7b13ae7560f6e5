import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { isGranted } from '../../domain/access/access.js';
import { Problem } from '../http/problem.js';
import { Authentication } from './authentication.js';
import { OriginCheck } from './origin-check.js';
import { ClientAddress } from './client-address.js';
import { ConnectionLimiter } from './connection-limiter.js';
import { asNetwork, asSubject, RateLimiter, tooMany } from './rate-limiter.js';
import type { Admission } from './token-verifier.js';

/** Somebody with a connection, and the names under which what comes over it is counted. */
export interface Guest {
  readonly admission: Admission;
  readonly countedAs: readonly string[];
}

/** Admits a WebSocket while it is still a request, so that whoever is refused never has one. */
@Injectable()
export class WebSocketAdmission {
  constructor(
    private readonly authentication: Authentication,
    private readonly origin: OriginCheck,
    private readonly address: ClientAddress,
    private readonly places: ConnectionLimiter,
    private readonly limits: RateLimiter,
  ) {}

  /** Who opens the connection; its places are given back when `socket` closes. Throws the problem that refuses it. */
  async admit(request: IncomingMessage, socket: Duplex): Promise<Guest> {
    this.origin.checkUpgrade(request);
    const network = asNetwork(this.address.networkOf(request));
    const allowance = await this.limits.take('requests', network);
    if (allowance?.isExceeded === true) throw tooMany(allowance);
    // Before the token is looked at, which may take a while: who waits for that holds a place as well.
    await this.takePlace(network, socket);
    const admission = await this.authentication.ofUpgrade(request);
    const { subject, role } = admission.caller;
    if (!isGranted(role, 'read_alerts'))
      throw new Problem('forbidden', 'Your role reads no alerts: ask an administrator for one that does.');
    const known = asSubject(subject);
    await this.takePlace(known, socket);
    return { admission, countedAs: [network, known] };
  }

  private async takePlace(who: string, socket: Duplex): Promise<void> {
    const giveBack = await this.places.take(who);
    if (socket.destroyed) giveBack();
    else socket.once('close', giveBack);
  }
}
