import { Global, Inject, Module, type OnApplicationShutdown, type Provider } from '@nestjs/common';
import { Config, type StorageConfig } from '../config/config.js';
import { AlertLogStore } from './ports/alert-log.store.js';
import { AuditStore } from './ports/audit.store.js';
import { StreamPositionStore } from './ports/stream-position.store.js';
import { ChannelStateStore } from './ports/channel-state.store.js';
import { DeadLetterStore } from './ports/dead-letter.store.js';
import { DepartmentTotalsStore } from './ports/department-totals.store.js';
import { DepartmentStore, EmployeeStore } from './ports/entity.store.js';
import { openDynamoStorage } from './dynamodb/dynamodb-storage.js';
import { openEmbeddedStorage } from './embedded/embedded-storage.js';
import { ErasureStore } from './ports/erasure.store.js';
import { EvaluationPassStore } from './ports/evaluation-pass.store.js';
import { FindingStore } from './ports/finding.store.js';
import { IdempotencyStore } from './ports/idempotency.store.js';
import { InstanceStore } from './ports/instance.store.js';
import { PushSubscriptionStore } from './ports/push-subscription.store.js';
import { StorageHealth, type Storage } from './ports/storage.js';
import { StorageMeter } from './ports/storage-meter.js';
import { SurveyResponseStore } from './ports/survey-response.store.js';
import { SyncJournalStore } from './ports/sync-journal.store.js';
import { TableChanges } from './ports/change-stream.js';
import { UploadStore } from './ports/upload.store.js';

const STORAGE = Symbol('STORAGE');

function openStorage(config: StorageConfig, meter: StorageMeter): Promise<Storage> | Storage {
  switch (config.driver) {
    case 'embedded':
      return openEmbeddedStorage(config.dataDir);
    case 'dynamodb':
      return openDynamoStorage(config, meter);
  }
}

const PORTS: Provider[] = (
  [
    [SurveyResponseStore, 'responses'],
    [EmployeeStore, 'employees'],
    [DepartmentStore, 'departments'],
    [DepartmentTotalsStore, 'departmentTotals'],
    [EvaluationPassStore, 'evaluationPass'],
    [AlertLogStore, 'alertLog'],
    [UploadStore, 'uploads'],
    [FindingStore, 'findings'],
    [InstanceStore, 'instances'],
    [ErasureStore, 'erasures'],
    [SyncJournalStore, 'syncJournal'],
    [IdempotencyStore, 'idempotencyKeys'],
    [AuditStore, 'audit'],
    [ChannelStateStore, 'channelStates'],
    [DeadLetterStore, 'deadLetters'],
    [PushSubscriptionStore, 'pushSubscriptions'],
    [StreamPositionStore, 'streamPosition'],
    [TableChanges, 'tableChanges'],
    [StorageHealth, 'health'],
  ] as const
).map(([port, name]) => ({
  provide: port,
  inject: [STORAGE],
  useFactory: (storage: Storage) => storage[name],
}));

/** Binds the storage ports to the adapter that the configuration names. The only place that knows the adapters. */
@Global()
@Module({
  providers: [
    {
      provide: STORAGE,
      inject: [Config, StorageMeter],
      useFactory: ({ storage }: Config, meter: StorageMeter) => openStorage(storage, meter),
    },
    ...PORTS,
  ],
  exports: [
    SurveyResponseStore,
    EmployeeStore,
    DepartmentStore,
    DepartmentTotalsStore,
    EvaluationPassStore,
    AlertLogStore,
    UploadStore,
    FindingStore,
    InstanceStore,
    ErasureStore,
    SyncJournalStore,
    IdempotencyStore,
    AuditStore,
    ChannelStateStore,
    DeadLetterStore,
    PushSubscriptionStore,
    StreamPositionStore,
    TableChanges,
    StorageHealth,
  ],
})
export class StorageModule implements OnApplicationShutdown {
  constructor(@Inject(STORAGE) private readonly storage: Storage) {}

  async onApplicationShutdown(): Promise<void> {
    await this.storage.close();
  }
}
