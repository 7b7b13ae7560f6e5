import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Image } from '../../src/storage/dynamodb/dynamodb-streams.js';
import { DynamoTableChanges } from '../../src/storage/dynamodb/dynamodb-table-changes.js';
import { DynamoTables } from '../../src/storage/dynamodb/dynamo-tables.js';
import type { RecordPage, StreamsApi } from '../../src/storage/dynamodb/stream-reader.js';
import { STREAM_SPECIFICATION } from '../../src/storage/dynamodb/table-definitions.js';
import { ChangesUnavailable, type ChangeReader } from '../../src/storage/ports/change-stream.js';
import { SettableClock } from '../support/app/settable-clock.js';
import { testClient } from '../support/storage/storage-dynamo.js';

const HOUR_MS = 3_600_000;

/** One shard for both tables, whose records a test gives. */
class OneShard implements StreamsApi<Image> {
  failure: Error | undefined;
  records = (): Promise<RecordPage<Image>> => Promise.resolve({ records: [], next: 'next' });
  shards = () => (this.failure ? Promise.reject(this.failure) : Promise.resolve([{ id: 'shard' }]));
  iterator = () => Promise.resolve('first');
}

describe('the changes of tables, as streams tell them', () => {
  let client: DynamoDBDocumentClient;
  let table: object;
  let api: OneShard;
  let clock: SettableClock;
  let changes: DynamoTableChanges;
  beforeEach(() => {
    client = testClient({ endpoint: 'http://127.0.0.1:9' });
    table = { StreamSpecification: STREAM_SPECIFICATION, LatestStreamArn: 'arn' };
    // The only call of this client: DescribeTable.
    client.middlewareStack.add(
      () => () => Promise.resolve({ response: {}, output: { Table: table, $metadata: {} } }),
      { step: 'initialize' },
    );
    api = new OneShard();
    clock = new SettableClock(Date.UTC(2026, 10, 23));
    changes = new DynamoTableChanges(new DynamoTables(client, ''), api, clock);
  });
  afterEach(() => client.destroy());

  async function open(position?: string): Promise<ChangeReader> {
    const opened = await changes.open(position);
    if (opened instanceof ChangesUnavailable) throw new Error(opened.reason);
    return opened;
  }

  it('are entities as they were and are, with who has changed them', async () => {
    const reader = await open();
    const record = {
      sequence: '1',
      at: 5,
      keys: marshall({ Employee_ID: 'E1', department_id: 'D1' }),
      after: marshall({ stress_rate: '12.5', overall_risk: 'critical' }),
    };
    api.records = () => Promise.resolve({ records: [record] });
    const { changes: told } = await reader.next();
    expect(told).toMatchObject([
      {
        table: 'Employees',
        id: 'E1',
        origin: 'other',
        at: 5,
        after: { metrics: { rates: { stress_rate: 12.5 } } },
      },
      { table: 'Departments', id: 'D1', origin: 'other', after: { overallRisk: 'critical' } },
    ]);
    expect(told[0]).not.toHaveProperty('before');
  });

  it('keep their position while nothing is read, and may have gone unseen after half a day', async () => {
    const reader = await open();
    const { position, isGap } = await reader.next();
    clock.advance(HOUR_MS);
    expect([isGap, (await reader.next()).position]).toEqual([false, position]);
    const later = await open(position);
    expect((await later.next()).isGap).toBe(false);
    clock.advance(12 * HOUR_MS);
    const latest = await open(position);
    expect([(await latest.next()).isGap, (await latest.next()).isGap]).toEqual([true, false]);
  });

  it('are not told by a stream that shows less, nor where that is refused; an outage is another thing', async () => {
    table = {
      StreamSpecification: { ...STREAM_SPECIFICATION, StreamViewType: 'KEYS_ONLY' },
      LatestStreamArn: 'arn',
    };
    expect(await changes.open(undefined)).toEqual(
      new ChangesUnavailable('The table Employees has no stream; "npm run tables" switches it on'),
    );
    table = { StreamSpecification: STREAM_SPECIFICATION, LatestStreamArn: 'arn' };
    api.failure = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
    expect(await changes.open(undefined)).toBeInstanceOf(ChangesUnavailable);
    api.failure = new Error('away');
    await expect(changes.open(undefined)).rejects.toThrow('look for the streams');
  });
});
