import { Global, Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { AuditController } from './audit.controller.js';
import { AuditRetention, AuditLog } from './audit-log.js';
import { AuditInterceptor } from './audit.interceptor.js';
import { FailureAudit } from './failure-audit.js';
import { WebSocketAudit } from './websocket-audit.js';

/** Who did what, kept for a time. Imported after the storage, which then outlives it at a stop. */
@Global()
@Module({
  controllers: [AuditController],
  providers: [
    AuditLog,
    AuditRetention,
    FailureAudit,
    WebSocketAudit,
    // Around every other interceptor: what one of them refuses was not done.
    { provide: APP_INTERCEPTOR, useClass: AuditInterceptor },
  ],
  exports: [AuditLog, FailureAudit, WebSocketAudit],
})
export class AuditModule {}
