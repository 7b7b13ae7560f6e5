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

/** The admission of a connection, and the keys under which its messages are counted. */
export interface AdmittedConnection {
  readonly admission: Admission;
  readonly countedAs: readonly string[];
}

/** Admits a WebSocket while it is still an HTTP request, so that a refused client never has an open connection. */
@Injectable()
export class WebSocketAdmission {
  constructor(
    private readonly authentication: Authentication,
    private readonly origin: OriginCheck,
    private readonly address: ClientAddress,
    private readonly connections: ConnectionLimiter,
    private readonly limits: RateLimiter,
  ) {}

  /** Admits an upgrade. Its connection slots are released when `socket` closes. Throws the Problem that refuses it. */
  async admit(request: IncomingMessage, socket: Duplex): Promise<AdmittedConnection> {
    this.origin.checkUpgrade(request);
    const network = asNetwork(this.address.networkOf(request));
    const allowance = await this.limits.consume('requests', network);
    if (allowance?.isExceeded === true) throw tooMany(allowance);
    // Before the token is verified, which can take a while: a waiting client holds a slot as well.
    await this.acquireSlot(network, socket);
    const admission = await this.authentication.ofUpgrade(request);
    const { subject, role } = admission.caller;
    if (!isGranted(role, 'read_alerts'))
      throw new Problem(
        'forbidden',
        'Your role may not read alerts. Ask an administrator for a role that may.',
      );
    const countedSubject = asSubject(subject);
    await this.acquireSlot(countedSubject, socket);
    return { admission, countedAs: [network, countedSubject] };
  }

  private async acquireSlot(who: string, socket: Duplex): Promise<void> {
    const release = await this.connections.acquire(who);
    if (socket.destroyed) release();
    else socket.once('close', release);
  }
}
