import { type Storage, StorageHealth } from '../ports/storage.js';
import { NoTableChanges } from '../ports/change-stream.js';
import { EmbeddedAlertLogStore } from './embedded-alert-log.store.js';
import { EmbeddedAuditStore } from './embedded-audit.store.js';
import { EmbeddedDatabase } from './embedded-database.js';
import { EmbeddedDeadLetterStore } from './embedded-dead-letter.store.js';
import { EmbeddedDepartmentTotalsStore } from './embedded-department-totals.store.js';
import { EmbeddedDepartmentStore, EmbeddedEmployeeStore } from './embedded-entity.store.js';
import { EmbeddedErasureStore } from './embedded-erasure.store.js';
import { EmbeddedFindingStore } from './embedded-finding.store.js';
import { EmbeddedIdempotencyStore } from './embedded-idempotency.store.js';
import { EmbeddedInstanceStore } from './embedded-instance.store.js';
import { EmbeddedPushSubscriptionStore } from './embedded-push-subscription.store.js';
import { embeddedRecord, EmbeddedRevisionedStore } from './embedded-revisioned.store.js';
import { EmbeddedSurveyResponseStore } from './embedded-survey-response.store.js';
import { EmbeddedSyncJournalStore } from './embedded-sync-journal.store.js';
import { EmbeddedUploadStore } from './embedded-upload.store.js';
import { mappedBytes } from './embedded-environment.js';
import type { Table } from './embedded-table.js';

/** Whether the embedded store can be read. */
class EmbeddedStorageHealth extends StorageHealth {
  private readonly table: Table<number>;

  constructor(private readonly database: EmbeddedDatabase) {
    super();
    this.table = database.table('health');
  }

  async ping(): Promise<void> {
    await this.database.read('answer a ping', () => this.table.get('ping'));
  }
}

/**
 * Opens the embedded store in a folder, creating it where it is missing. `mapped` returns how many bytes of files this
 * process holds in memory. Throws StorageError.
 */
export function openEmbeddedStorage(dataDir: string, mapped = mappedBytes): Storage {
  const database = EmbeddedDatabase.open(dataDir, mapped);
  return {
    responses: new EmbeddedSurveyResponseStore(database),
    employees: new EmbeddedEmployeeStore(database),
    departments: new EmbeddedDepartmentStore(database),
    evaluationPass: embeddedRecord(database, {
      table: 'evaluation_passes',
      id: 'employees',
      what: 'the evaluation',
    }),
    departmentTotals: new EmbeddedDepartmentTotalsStore(database),
    alertLog: new EmbeddedAlertLogStore(database),
    uploads: new EmbeddedUploadStore(database),
    findings: new EmbeddedFindingStore(database),
    instances: new EmbeddedInstanceStore(database),
    idempotencyKeys: new EmbeddedIdempotencyStore(database),
    audit: new EmbeddedAuditStore(database),
    erasures: new EmbeddedErasureStore(database),
    pushSubscriptions: new EmbeddedPushSubscriptionStore(database),
    syncJournal: new EmbeddedSyncJournalStore(database),
    channelStates: new EmbeddedRevisionedStore(database, {
      table: 'channel_states',
      what: 'the state of a channel',
      idOf: ({ endpoint }) => endpoint,
    }),
    deadLetters: new EmbeddedDeadLetterStore(database),
    streamPosition: embeddedRecord(database, {
      table: 'change_readings',
      id: 'tables',
      what: 'the stream position',
    }),
    tableChanges: new NoTableChanges('No other tool edits the embedded store'),
    health: new EmbeddedStorageHealth(database),
    close: () => database.close(),
  };
}
