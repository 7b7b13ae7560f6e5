import { createServer } from 'node:http';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoAlertLogStore } from '../../src/storage/dynamodb/dynamodb-alert-log.store.js';
import type { ChangeStreamPosition } from '../../src/domain/people/stream-position.js';
import { dynamoRecord } from '../../src/storage/dynamodb/dynamodb-revisioned.store.js';
import { DynamoDeadLetterStore } from '../../src/storage/dynamodb/dynamodb-dead-letter.store.js';
import { DynamoEmployeeStore } from '../../src/storage/dynamodb/dynamodb-entity.store.js';
import { DynamoIdempotencyStore } from '../../src/storage/dynamodb/dynamodb-idempotency.store.js';
import { openDynamoStorage } from '../../src/storage/dynamodb/dynamodb-storage.js';
import { DynamoSyncJournalStore } from '../../src/storage/dynamodb/dynamodb-sync-journal.store.js';
import { DynamoUploadStore } from '../../src/storage/dynamodb/dynamodb-upload.store.js';
import { DynamoTables } from '../../src/storage/dynamodb/dynamo-tables.js';
import { StorageError } from '../../src/storage/ports/storage-error.js';
import type { Storage } from '../../src/storage/ports/storage.js';
import { startDynamo, type TestDynamo } from '../support/storage/dynamodb.js';
import { outcomes, pendingUpload } from '../support/storage/storage-calls.js';
import {
  beforeFirst,
  dynamoConfig,
  emptyFirstPage,
  loseFirstAnswer,
  testClient,
} from '../support/storage/storage-dynamo.js';
import { deadLetter, fullEmployee, logRecord, raisedEvent } from '../support/storage/storage-entities.js';

/** The endpoint of a server that has ended. */
async function deadEndpoint(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}`;
}

describe('an answer of DynamoDB that is lost', () => {
  let dynamo: TestDynamo;
  let tablePrefix: string;
  let storage: Storage;
  const clients: DynamoDBDocumentClient[] = [];

  beforeAll(async () => {
    dynamo = await startDynamo();
    tablePrefix = dynamo.newPrefix();
    storage = await openDynamoStorage(dynamoConfig(dynamo, tablePrefix));
  });
  afterAll(async () => {
    for (const client of clients) client.destroy();
    await storage.close();
    await dynamo.stop();
  });

  function tablesLosing(commandName: string): { tables: DynamoTables; counter: { lost: number } } {
    const client = testClient(dynamo);
    clients.push(client);
    return { tables: new DynamoTables(client, tablePrefix), counter: loseFirstAnswer(client, commandName) };
  }

  it('does not make an append of ours look like another writer’s', async () => {
    const { tables, counter } = tablesLosing('PutItemCommand');
    const log = new DynamoAlertLogStore(tables);
    expect(await log.append(logRecord(1, 2))).toBe(true);
    expect(counter.lost).toBe(1);
    expect(await storage.alertLog.append(logRecord(1, 1))).toBe(false);
    expect(await log.append(logRecord(1, 2))).toBe(false);
    expect(await storage.alertLog.read(0, 10)).toEqual([logRecord(1, 2)]);
  });

  it('does not change the origin', async () => {
    const { tables, counter } = tablesLosing('PutItemCommand');
    expect(await new DynamoAlertLogStore(tables).origin(41)).toBe(41);
    expect(counter.lost).toBe(1);
    expect(await storage.alertLog.origin(42)).toBe(41);
  });

  it('does not leave a checkpoint without its parts', async () => {
    await storage.alertLog.saveCheckpoint({ head: 5, active: [] });
    const { tables, counter } = tablesLosing('PutItemCommand');
    const checkpoint = { head: 6, active: [raisedEvent(1)] };
    await new DynamoAlertLogStore(tables).saveCheckpoint(checkpoint);
    expect(counter.lost).toBe(1);
    expect(await storage.alertLog.loadCheckpoint()).toEqual(checkpoint);
  });

  it('does not make a claim of ours look like another process’s', async () => {
    const { tables, counter } = tablesLosing('PutItemCommand');
    const uploads = new DynamoUploadStore(tables);
    expect(await uploads.put(pendingUpload('u1'))).toBe(true);
    expect(counter.lost).toBe(1);
    const late = { ...pendingUpload('u1'), owner: { instance: 'other', spool: 's1' } };
    expect(await storage.uploads.put(late)).toBe(false);
    const second = tablesLosing('PutItemCommand');
    const claim = { ...late, revision: 2 };
    expect(await new DynamoUploadStore(second.tables).put(claim)).toBe(true);
    expect(second.counter.lost).toBe(1);
    expect(await storage.uploads.get('u1')).toEqual(claim);
  });

  it('does not make a use of a key, or a place in the changes, look like another process’s', async () => {
    const keys = tablesLosing('PutItemCommand');
    const use = { key: 'k', holder: 'mine', instance: 'i', since: 1 };
    expect(await new DynamoIdempotencyStore(keys.tables).put(use, undefined)).toBe(true);
    expect(await storage.idempotencyKeys.put({ ...use, holder: 'theirs' }, undefined)).toBe(false);
    const readings = tablesLosing('PutItemCommand');
    const place = { list: 'change_readings', attribute: 'reading', id: 'tables' };
    const store = dynamoRecord<ChangeStreamPosition>(readings.tables, place);
    expect(await store.put({ revision: 1, holder: 'mine' })).toBe(true);
    expect(await storage.streamPosition.put({ revision: 1, holder: 'mine' })).toBe(false);
    expect([keys.counter.lost, readings.counter.lost]).toEqual([1, 1]);
  });

  it('does not make a sync look like one that broke off', async () => {
    const { tables, counter } = tablesLosing('PutItemCommand');
    const entry = { syncId: 's', instance: 'i', repair: 'evaluate' } as const;
    expect(await new DynamoSyncJournalStore(tables).begin(entry)).toBe(false);
    expect(counter.lost).toBe(1);
    expect(await storage.syncJournal.begin(entry)).toBe(true);
  });

  it('does not hide that somebody was created', async () => {
    const { tables, counter } = tablesLosing('PutItemCommand');
    const [mutation] = await new DynamoEmployeeStore(tables).mutate(['E2'], fullEmployee);
    expect(counter.lost).toBe(1);
    expect(mutation).toEqual({ id: 'E2', before: undefined, after: fullEmployee('E2'), changed: true });
  });

  it('does not apply a change twice, nor hide it', async () => {
    const { tables, counter } = tablesLosing('UpdateItemCommand');
    const employees = new DynamoEmployeeStore(tables);
    await storage.employees.mutate(['E1'], fullEmployee);
    const [mutation] = await employees.mutate(['E1'], (_, current) => {
      const stress_rate = (current?.metrics.rates.stress_rate ?? 0) + 1;
      return current && { ...current, metrics: { dimensions: {}, rates: { stress_rate } } };
    });
    expect(counter.lost).toBe(1);
    expect(mutation).toMatchObject({
      changed: true,
      before: { metrics: { rates: { stress_rate: 31.2 } } },
      after: { metrics: { rates: { stress_rate: 32.2 } } },
    });
    const [stored] = (await storage.employees.getMany(['E1'])).values();
    expect(stored?.metrics.rates).toEqual({ stress_rate: 32.2 });
  });
});

describe('a page without items that is not the last', () => {
  let dynamo: TestDynamo;
  let tablePrefix: string;
  let storage: Storage;
  let client: DynamoDBDocumentClient;
  beforeEach(async () => {
    dynamo = await startDynamo();
    tablePrefix = dynamo.newPrefix();
    storage = await openDynamoStorage(dynamoConfig(dynamo, tablePrefix));
    client = testClient(dynamo);
  });
  afterEach(async () => {
    client.destroy();
    await storage.close();
    await dynamo.stop();
  });

  it('does not end a list of dead letters', async () => {
    const letter = deadLetter('r', 2);
    await storage.deadLetters.put(letter);
    const pages = emptyFirstPage(client, { list: 'dead_letters/r', id: deadLetter('r', 1).key });
    const letters = new DynamoDeadLetterStore(new DynamoTables(client, tablePrefix));
    expect(await letters.list('r', 10)).toEqual([letter]);
    expect(pages.emptied).toBe(1);
  });

  it('does not have a checkpoint outlive the next', async () => {
    await storage.alertLog.saveCheckpoint({ head: 5, active: [raisedEvent(1)] });
    const pages = emptyFirstPage(client, { checkpoint: 'begun', part: 1 });
    const tables = new DynamoTables(client, tablePrefix);
    await new DynamoAlertLogStore(tables).saveCheckpoint({ head: 6, active: [] });
    expect(pages.emptied).toBe(1);
    const kept: unknown[] = [];
    for await (const items of tables.scan('Pulsewatch_Checkpoints', 100)) kept.push(...items);
    expect(kept).toHaveLength(2);
  });
});

describe('a checkpoint that is replaced while it is being read', () => {
  it('is not returned in part', async () => {
    const dynamo = await startDynamo();
    const tablePrefix = dynamo.newPrefix();
    const storage = await openDynamoStorage(dynamoConfig(dynamo, tablePrefix));
    await storage.alertLog.saveCheckpoint({ head: 1, active: [raisedEvent(1)] });
    const newer = { head: 3, active: [raisedEvent(2), raisedEvent(3)] };
    const client = testClient(dynamo);
    beforeFirst(client, 'QueryCommand', () => storage.alertLog.saveCheckpoint(newer));
    const reader = new DynamoAlertLogStore(new DynamoTables(client, tablePrefix));
    expect(await reader.loadCheckpoint()).toEqual(newer);
    client.destroy();
    await storage.close();
    await dynamo.stop();
  });
});

describe('a change that always comes too late', () => {
  it('is given up after a bounded number of attempts, with pauses between them', async () => {
    let writes = 0;
    const client = testClient({ endpoint: 'http://127.0.0.1:9' });
    client.middlewareStack.add(
      (_, context) => () => {
        if (context.commandName === 'BatchGetItemCommand')
          return Promise.resolve({ response: {}, output: { $metadata: {} } });
        writes += 1;
        throw new ConditionalCheckFailedException({ message: 'late', $metadata: { attempts: 1 } });
      },
      { step: 'initialize' },
    );
    const pauses: number[] = [];
    const sleep = (ms: number) => Promise.resolve(pauses.push(ms));
    const employees = new DynamoEmployeeStore(new DynamoTables(client, '', { random: () => 1, sleep }));
    await expect(employees.mutate(['E1'], fullEmployee)).rejects.toBeInstanceOf(StorageError);
    expect(writes).toBe(50);
    expect(pauses.slice(0, 5)).toEqual([50, 100, 200, 400, 400]);
    client.destroy();
  });
});

describe('a DynamoDB that cannot answer', () => {
  it('is never mistaken for an empty one: nobody listens', async () => {
    const endpoint = await deadEndpoint();
    const storage = await openDynamoStorage({ ...dynamoConfig({ endpoint }, ''), createTables: false });
    const ends = await outcomes(storage);
    expect(new Set(Object.values(ends))).toEqual(new Set(['StorageError']));
    await storage.close();
    await expect(openDynamoStorage(dynamoConfig({ endpoint }, ''))).rejects.toBeInstanceOf(StorageError);
  });

  it('is never mistaken for an empty one: the tables are missing', async () => {
    const dynamo = await startDynamo();
    const prefix = `missing_${randomUUID()}`;
    const storage = await openDynamoStorage({ ...dynamoConfig(dynamo, prefix), createTables: false });
    const ends = await outcomes(storage);
    expect(new Set(Object.values(ends))).toEqual(new Set(['StorageError']));
    await storage.close();
    await dynamo.stop();
  });
});
