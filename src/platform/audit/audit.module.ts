import { Global, Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { AuditController } from './audit.controller.js';
import { AuditRetention, AuditLog } from './audit-log.js';
import { AuditInterceptor } from './audit.interceptor.js';
import { FailureAudit } from './failure-audit.js';
import { WebSocketAudit } from './websocket-audit.js';

/** The audit log. Imported after the storage, so that at a stop the storage closes after it. */
@Global()
@Module({
  controllers: [AuditController],
  providers: [
    AuditLog,
    AuditRetention,
    FailureAudit,
    WebSocketAudit,
    // Outside every other interceptor: a request that one of them refuses was not carried out.
    { provide: APP_INTERCEPTOR, useClass: AuditInterceptor },
  ],
  exports: [AuditLog, FailureAudit, WebSocketAudit],
})
export class AuditModule {}
