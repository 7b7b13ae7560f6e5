import { randomBytes } from 'node:crypto';
import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Clock } from '../../lib/clock.js';
import { Config } from '../../config/config.js';
import { AccessScopes } from './access-scopes.js';
import { AuthGuard } from './auth.guard.js';
import { Authentication } from './authentication.js';
import { OriginCheck } from './origin-check.js';
import { ClientAddress } from './client-address.js';
import { ConnectionLimiter } from './connection-limiter.js';
import { RateLimiter } from './rate-limiter.js';
import { TicketController } from './ticket.controller.js';
import { TicketStore } from './ticket-store.js';
import { Tickets } from './tickets.js';
import { WebSocketAdmission } from './websocket-admission.js';

/** Authentication, permissions, access scopes and limits of callers, for every module. */
@Global()
@Module({
  controllers: [TicketController],
  providers: [
    Authentication,
    AccessScopes,
    ConnectionLimiter,
    RateLimiter,
    WebSocketAdmission,
    {
      provide: Tickets,
      useFactory: (clock: Clock, store: TicketStore) => new Tickets(clock, randomBytes, store),
      inject: [Clock, TicketStore],
    },
    {
      provide: OriginCheck,
      useFactory: ({ security }: Config) => new OriginCheck(security),
      inject: [Config],
    },
    {
      provide: ClientAddress,
      useFactory: ({ security }: Config) => new ClientAddress(security),
      inject: [Config],
    },
    { provide: APP_GUARD, useClass: AuthGuard },
  ],
  exports: [AccessScopes, Authentication, ClientAddress, ConnectionLimiter, RateLimiter, WebSocketAdmission],
})
export class AuthModule {}
