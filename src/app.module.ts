import { Module, type DynamicModule, type OnApplicationBootstrap } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AlertLogModule } from './alerting/log/alert-log.module.js';
import { AlertsModule } from './delivery/alerts/alerts.module.js';
import { AuditContextGuard } from './platform/audit/audit-context.guard.js';
import { AuditModule } from './platform/audit/audit.module.js';
import { AuthModule } from './platform/auth/auth.module.js';
import { ChannelsModule } from './delivery/channels/channels.module.js';
import type { Config } from './config/config.js';
import { ConfigModule } from './config/config.module.js';
import { ChangeStreamModule } from './ingest/change-stream/change-stream.module.js';
import { EventsModule } from './platform/events/events.module.js';
import { HealthModule } from './platform/observability/health.module.js';
import { ClusterModule } from './platform/cluster/cluster.module.js';
import { Lifecycle } from './platform/lifecycle/lifecycle.js';
import { LifecycleModule } from './platform/lifecycle/lifecycle.module.js';
import { LiveModule } from './platform/pages/live-page.controller.js';
import { loggerModule } from './platform/observability/logging.js';
import { MetricsModule } from './platform/observability/metrics.module.js';
import { PeopleModule } from './people/directory/people.module.js';
import { ProblemsPageModule } from './platform/pages/problems-page.controller.js';
import { PrivacyModule } from './people/privacy/privacy.module.js';
import { RedisModule } from './platform/cluster/redis.module.js';
import { RiskMonitorModule } from './alerting/risk-monitor/risk-monitor.module.js';
import { StorageModule } from './storage/storage.module.js';
import { DepartmentsModule } from './ingest/departments/departments.module.js';
import { SyncModule } from './ingest/sync/sync.module.js';
import { UploadModule } from './ingest/upload/upload.module.js';

/** The application for one configuration. */
@Module({})
export class AppModule implements OnApplicationBootstrap {
  constructor(private readonly lifecycle: Lifecycle) {}

  static for(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.for(config),
        loggerModule(config),
        AuthModule,
        LifecycleModule,
        MetricsModule,
        EventsModule,
        StorageModule,
        ClusterModule,
        RedisModule.for(config),
        AuditModule,
        AlertLogModule,
        RiskMonitorModule,
        DepartmentsModule,
        SyncModule,
        ChangeStreamModule,
        UploadModule,
        PeopleModule,
        PrivacyModule,
        AlertsModule,
        ChannelsModule,
        HealthModule,
        ProblemsPageModule,
        ...(config.security.livePage ? [LiveModule] : []),
      ],
      // Guards of the root module run before those of all other modules.
      providers: [{ provide: APP_GUARD, useClass: AuditContextGuard }],
    };
  }

  /** The root module starts last. */
  onApplicationBootstrap(): void {
    this.lifecycle.started();
  }
}
