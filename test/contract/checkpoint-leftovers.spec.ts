import { afterEach, describe, expect, it } from '@jest/globals';
import type { RaisedEvent } from '../../src/domain/alerts/alert.js';
import { DynamoCheckpoints } from '../../src/storage/dynamodb/dynamodb-checkpoints.js';
import { DynamoTables } from '../../src/storage/dynamodb/dynamo-tables.js';
import { createTables } from '../../src/storage/dynamodb/table-definitions.js';
import { EmbeddedCheckpoints } from '../../src/storage/embedded/embedded-checkpoints.js';
import { EmbeddedDatabase } from '../../src/storage/embedded/embedded-database.js';
import { startDynamo } from '../support/storage/dynamodb.js';
import { beforeFirst, testClient } from '../support/storage/storage-dynamo.js';
import { raisedEvent } from '../support/storage/storage-entities.js';
import { temporaryFolder } from '../support/app/temporary-folder.js';

const active = Array.from({ length: 1_200 }, (_, n): RaisedEvent => raisedEvent(n + 1));

describe('the parts of a checkpoint that a crash cut off', () => {
  const endings: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of endings.splice(0).toReversed()) await end();
  });

  it('go with the next checkpoint in the embedded store', async () => {
    const folder = await temporaryFolder();
    endings.push(folder.remove);
    const database = EmbeddedDatabase.open(folder.path, () => 0);
    endings.push(() => database.close());
    const checkpoints = new EmbeddedCheckpoints(database);
    const parts = database.table<readonly RaisedEvent[]>('checkpoint_parts');
    const keys = () => database.read('look', () => parts.keys({}).sort());
    await checkpoints.save({ head: 900, active });
    await database.transaction('begin', () => {
      for (const key of ['1000/0', '1000/1', '3000/0']) parts.put(key, active.slice(0, 1));
    });
    await checkpoints.save({ head: 2_000, active });
    expect(await keys()).toEqual(['2000/0', '2000/1', '2000/2', '3000/0']);
    await checkpoints.save({ head: 1_500, active });
    expect(await keys()).toEqual(['2000/0', '2000/1', '2000/2', '3000/0']);
    await checkpoints.save({ head: 3_001, active: [] });
    expect(await keys()).toEqual([]);
    expect(await checkpoints.load()).toEqual({ head: 3_001, active: [] });
  });

  it('go with the next checkpoint in DynamoDB, and so do those of one that came too late', async () => {
    const dynamo = await startDynamo();
    endings.push(() => dynamo.stop());
    const connect = () => {
      const client = testClient(dynamo);
      endings.push(() => client.destroy());
      return client;
    };
    const prefix = dynamo.newPrefix();
    const client = connect();
    await createTables(client, prefix);
    const tables = new DynamoTables(client, prefix);
    const checkpoints = new DynamoCheckpoints(tables);
    const stored = async () => {
      const found: string[] = [];
      for await (const items of tables.scan('Pulsewatch_Checkpoints', 100))
        found.push(...items.map(({ checkpoint, part }) => `${String(checkpoint)}/${String(part)}`));
      return found.sort();
    };
    const dying = connect();
    beforeFirst(dying, 'PutItemCommand', () => Promise.reject(new Error('The process ends here')));
    await checkpoints.save({ head: 900, active });
    const cutOff = new DynamoCheckpoints(new DynamoTables(dying, prefix));
    await expect(cutOff.save({ head: 1_000, active })).rejects.toThrow();
    expect(await stored()).toEqual(['at-1000/0', 'at-900/0', 'begun/1000', 'begun/900', 'manifest/0']);
    // Overtaken when it has begun, and when it has written its parts.
    for (const [step, head] of [
      ['BatchWriteItemCommand', 2_000],
      ['PutItemCommand', 3_000],
    ] as const) {
      const late = connect();
      beforeFirst(late, step, () => checkpoints.save({ head, active }));
      await new DynamoCheckpoints(new DynamoTables(late, prefix)).save({ head: head - 500, active });
      expect(await stored()).toEqual([`at-${head}/0`, `begun/${head}`, 'manifest/0']);
      expect(await checkpoints.load()).toEqual({ head, active });
    }
  });
});
