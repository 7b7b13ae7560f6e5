import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { StorageHealth, type Storage } from '../ports/storage.js';
import type { StorageMeter } from '../ports/storage-meter.js';
import { NoTableChanges } from '../ports/change-stream.js';
import { DynamoAlertLogStore } from './dynamodb-alert-log.store.js';
import { DynamoAuditStore } from './dynamodb-audit.store.js';
import { meterCalls } from './call-meter.js';
import { createDynamoClient, type DynamoConfig } from './dynamodb-client.js';
import { DynamoDeadLetterStore } from './dynamodb-dead-letter.store.js';
import { DynamoDepartmentTotalsStore } from './dynamodb-department-totals.store.js';
import { DynamoDepartmentStore, DynamoEmployeeStore } from './dynamodb-entity.store.js';
import { DynamoErasureStore } from './dynamodb-erasure.store.js';
import { DynamoFindingStore } from './dynamodb-finding.store.js';
import { DynamoIdempotencyStore } from './dynamodb-idempotency.store.js';
import { DynamoInstanceStore } from './dynamodb-instance.store.js';
import { DynamoPushSubscriptionStore } from './dynamodb-push-subscription.store.js';
import { DynamoStreams } from './dynamodb-streams.js';
import { dynamoRecord, DynamoRevisionedStore } from './dynamodb-revisioned.store.js';
import { DynamoSurveyResponseStore } from './dynamodb-survey-response.store.js';
import { DynamoSyncJournalStore } from './dynamodb-sync-journal.store.js';
import { DynamoTableChanges } from './dynamodb-table-changes.js';
import { DynamoTables } from './dynamo-tables.js';
import { DynamoUploadStore } from './dynamodb-upload.store.js';
import { createTables } from './table-definitions.js';

/**
 * Connects to DynamoDB, and creates the tables where the configuration says so. Every call is reported to the meter.
 * Throws StorageError.
 */
export async function openDynamoStorage(config: DynamoConfig, meter?: StorageMeter): Promise<Storage> {
  const client = createDynamoClient(config);
  if (meter) meterCalls(client, meter, config.tablePrefix);
  if (config.createTables) await createTables(client, config.tablePrefix);
  const tables = new DynamoTables(client, config.tablePrefix);
  return {
    responses: new DynamoSurveyResponseStore(tables),
    employees: new DynamoEmployeeStore(tables),
    departments: new DynamoDepartmentStore(tables),
    evaluationPass: dynamoRecord(tables, { list: 'evaluation_passes', attribute: 'pass', id: 'employees' }),
    departmentTotals: new DynamoDepartmentTotalsStore(tables),
    alertLog: new DynamoAlertLogStore(tables),
    uploads: new DynamoUploadStore(tables),
    findings: new DynamoFindingStore(tables),
    instances: new DynamoInstanceStore(tables),
    idempotencyKeys: new DynamoIdempotencyStore(tables),
    audit: new DynamoAuditStore(tables),
    erasures: new DynamoErasureStore(tables),
    pushSubscriptions: new DynamoPushSubscriptionStore(tables),
    syncJournal: new DynamoSyncJournalStore(tables),
    channelStates: new DynamoRevisionedStore(tables, {
      list: 'channel_states',
      attribute: 'state',
      idOf: ({ endpoint }) => endpoint,
    }),
    deadLetters: new DynamoDeadLetterStore(tables),
    streamPosition: dynamoRecord(tables, { list: 'change_readings', attribute: 'reading', id: 'tables' }),
    tableChanges:
      config.streams === 'off'
        ? new NoTableChanges('DYNAMODB_STREAMS is off')
        : new DynamoTableChanges(tables, new DynamoStreams(client, config)),
    health: new DynamoStorageHealth(tables),
    close: () => {
      tables.close();
      return Promise.resolve();
    },
  };
}

/** The time-out of a ping: a readiness probe waits a few seconds at most, and repeats soon. */
const PING_MS = 3_000;

/** Whether DynamoDB answers and the alert log can be used. */
class DynamoStorageHealth extends StorageHealth {
  constructor(private readonly tables: DynamoTables) {
    super();
  }

  async ping(): Promise<void> {
    const TableName = this.tables.name('Pulsewatch_Alert_Log');
    await this.tables.attempt('answer a ping', () =>
      this.tables.client.send(new GetCommand({ TableName, Key: { log: 'ping', first: 0 } }), {
        abortSignal: AbortSignal.timeout(PING_MS),
      }),
    );
  }
}
