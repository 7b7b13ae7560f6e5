import { Module, type DynamicModule, type OnApplicationBootstrap } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AlertLogModule } from './alert-log/alert-log.module.js';
import { AlertsModule } from './alerts/alerts.module.js';
import { AttemptGuard } from './audit/attempt.guard.js';
import { AuditModule } from './audit/audit.module.js';
import { AuthModule } from './auth/auth.module.js';
import { ChannelsModule } from './channels/channels.module.js';
import type { Config } from './config/config.js';
import { ConfigModule } from './config/config.module.js';
import { DirectEditsModule } from './direct-edits/direct-edits.module.js';
import { EventsModule } from './events/events.module.js';
import { HealthModule } from './health/health.module.js';
import { InstancesModule } from './instances/instances.module.js';
import { Lifecycle } from './lifecycle/lifecycle.js';
import { LifecycleModule } from './lifecycle/lifecycle.module.js';
import { LiveModule } from './live/live.module.js';
import { loggerModule } from './logging.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { PeopleModule } from './people/people.module.js';
import { PrivacyModule } from './privacy/privacy.module.js';
import { RedisModule } from './redis/redis.module.js';
import { RiskMonitorModule } from './risk-monitor/risk-monitor.module.js';
import { StorageModule } from './storage/storage.module.js';
import { DepartmentSumsModule } from './department-sums/department-sums.module.js';
import { SyncModule } from './sync/sync.module.js';
import { UploadModule } from './upload/upload.module.js';

/** Everything, for one configuration. */
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
        InstancesModule,
        RedisModule.for(config),
        AuditModule,
        AlertLogModule,
        RiskMonitorModule,
        DepartmentSumsModule,
        SyncModule,
        DirectEditsModule,
        UploadModule,
        PeopleModule,
        PrivacyModule,
        AlertsModule,
        ChannelsModule,
        HealthModule,
        ...(config.security.livePage ? [LiveModule] : []),
      ],
      // Guards of the root module come before those of all others.
      providers: [{ provide: APP_GUARD, useClass: AttemptGuard }],
    };
  }

  /** The root module starts last. */
  onApplicationBootstrap(): void {
    this.lifecycle.started();
  }
}
