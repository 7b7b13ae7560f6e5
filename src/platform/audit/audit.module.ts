import { Global, Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { AuditController } from './audit.controller.js';
import { AuditExpiry, AuditLog } from './audit-log.js';
import { AuditInterceptor } from './audit.interceptor.js';
import { FailedRequests } from './failure-audit.js';
import { UpgradeAudit } from './websocket-audit.js';

/** Who did what, kept for a time. Imported after the storage, which then outlives it at a stop. */
@Global()
@Module({
  controllers: [AuditController],
  providers: [
    AuditLog,
    AuditExpiry,
    FailedRequests,
    UpgradeAudit,
    // Around every other interceptor: what one of them refuses was not done.
    { provide: APP_INTERCEPTOR, useClass: AuditInterceptor },
  ],
  exports: [AuditLog, FailedRequests, UpgradeAudit],
})
export class AuditModule {}
