import type { AlertLogStore } from './alert-log.store.js';
import type { AuditStore } from './audit.store.js';
import type { ChannelStateStore } from './channel-state.store.js';
import type { StreamPositionStore } from './stream-position.store.js';
import type { DeadLetterStore } from './dead-letter.store.js';
import type { DepartmentTotalsStore } from './department-totals.store.js';
import type { DepartmentStore, EmployeeStore } from './entity.store.js';
import type { ErasureStore } from './erasure.store.js';
import type { EvaluationPassStore } from './evaluation-pass.store.js';
import type { FindingStore } from './finding.store.js';
import type { IdempotencyStore } from './idempotency.store.js';
import type { InstanceStore } from './instance.store.js';
import type { PushSubscriptionStore } from './push-subscription.store.js';
import type { SurveyResponseStore } from './survey-response.store.js';
import type { SyncJournalStore } from './sync-journal.store.js';
import type { TableChanges } from './change-stream.js';
import type { UploadStore } from './upload.store.js';

/** Whether the store answers. */
export abstract class StorageHealth {
  /** Does one cheap, real round trip; throws StorageError when the store does not answer. */
  abstract ping(): Promise<void>;
}

/** Every port of one adapter, and how to close what they share. */
export interface Storage {
  readonly responses: SurveyResponseStore;
  readonly employees: EmployeeStore;
  readonly departments: DepartmentStore;
  readonly departmentTotals: DepartmentTotalsStore;
  readonly evaluationPass: EvaluationPassStore;
  readonly alertLog: AlertLogStore;
  readonly uploads: UploadStore;
  readonly findings: FindingStore;
  readonly instances: InstanceStore;
  readonly idempotencyKeys: IdempotencyStore;
  readonly audit: AuditStore;
  readonly erasures: ErasureStore;
  readonly pushSubscriptions: PushSubscriptionStore;
  readonly syncJournal: SyncJournalStore;
  readonly channelStates: ChannelStateStore;
  readonly deadLetters: DeadLetterStore;
  readonly streamPosition: StreamPositionStore;
  readonly tableChanges: TableChanges;
  readonly health: StorageHealth;
  /** Finishes what was begun and closes the store; every later call throws StorageError. Idempotent. */
  close(): Promise<void>;
}
