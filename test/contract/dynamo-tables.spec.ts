import { describe, expect, it } from '@jest/globals';
import type {
  AttributeValue,
  BatchGetItemCommandOutput,
  BatchWriteItemCommandOutput,
  KeysAndAttributes,
  WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { createDynamoClient } from '../../src/storage/dynamodb/dynamodb-client.js';
import { DynamoTables } from '../../src/storage/dynamodb/dynamo-tables.js';
import type { Item } from '../../src/storage/dynamodb/item-fields.js';
import { StorageError } from '../../src/storage/ports/storage-error.js';
import { TEST_REGION } from '../support/storage/dynamodb.js';

/** What a batch asks for, of the table that the tests use. */
interface Batch {
  readonly RequestItems?: Record<string, WriteRequest[] | KeysAndAttributes> | undefined;
}

type Answer = Partial<BatchGetItemCommandOutput & BatchWriteItemCommandOutput>;

/** Tables over a client that answers as told instead of sending anything, and the pauses that they made. */
function tablesAnswering(answer: (batch: Batch) => Answer | Promise<Answer>): {
  tables: DynamoTables;
  pauses: number[];
} {
  const client = createDynamoClient({ region: TEST_REGION, endpoint: 'http://127.0.0.1:1' });
  client.middlewareStack.add(
    () =>
      async ({ input }) => {
        const output = { ...(await answer('RequestItems' in input ? input : {})), $metadata: {} };
        return { response: undefined, output };
      },
    { step: 'serialize', priority: 'high' },
  );
  const pauses: number[] = [];
  const sleep = (ms: number): Promise<void> => {
    pauses.push(ms);
    return Promise.resolve();
  };
  return { tables: new DynamoTables(client, 'p_', { random: () => 1, sleep }), pauses };
}

const items = (count: number): Item[] => Array.from({ length: count }, (_, n) => ({ Employee_ID: `E${n}` }));

const idOf = (item: Record<string, AttributeValue> | undefined): string => item?.Employee_ID?.S ?? '';

function requests({ RequestItems }: Batch): WriteRequest[] {
  const asked = RequestItems?.p_Employees;
  if (asked === undefined || 'Keys' in asked) throw new Error('Not a write');
  return asked;
}

function keysOf({ RequestItems }: Batch): Record<string, AttributeValue>[] {
  const asked = RequestItems?.p_Employees;
  if (asked === undefined || !('Keys' in asked)) throw new Error('Not a read');
  expect(asked.ConsistentRead).toBe(true);
  return asked.Keys ?? [];
}

describe('the batch calls of the DynamoDB adapter', () => {
  it('put again what was left, and nothing else, until all is through', async () => {
    const written: string[] = [];
    const sizes: number[] = [];
    const { tables, pauses } = tablesAnswering((sent) => {
      const batch = requests(sent);
      sizes.push(batch.length);
      const [taken, left] = [batch.slice(0, 10), batch.slice(10)];
      written.push(...taken.map(({ PutRequest }) => idOf(PutRequest?.Item)));
      return left.length === 0 ? {} : { UnprocessedItems: { p_Employees: left } };
    });
    await tables.putAll('Employees', items(60));
    expect(written.sort()).toEqual(
      items(60)
        .map(({ Employee_ID }) => String(Employee_ID))
        .sort(),
    );
    expect(sizes.sort((a, b) => a - b)).toEqual([5, 5, 10, 15, 15, 25, 25]);
    expect(pauses.sort((a, b) => a - b)).toEqual([50, 50, 100, 100]);
  });

  it('delete again what was left', async () => {
    const deleted: unknown[] = [];
    const { tables } = tablesAnswering((sent) => {
      const [first, ...left] = requests(sent);
      deleted.push(first?.DeleteRequest?.Key);
      return { UnprocessedItems: left.length === 0 ? {} : { p_Employees: left } };
    });
    await tables.deleteAll('Employees', items(3));
    expect(deleted).toEqual(items(3).map((key) => marshall(key)));
  });

  it('read again the keys that were left, consistently, a hundred at most', async () => {
    const asked: number[] = [];
    const { tables } = tablesAnswering((sent) => {
      const Keys = keysOf(sent);
      asked.push(Keys.length);
      const [found, left] = [Keys.slice(0, 60), Keys.slice(60)];
      return {
        Responses: { p_Employees: found },
        UnprocessedKeys: left.length === 0 ? {} : { p_Employees: { Keys: left } },
      };
    });
    const found = await tables.getAll('Employees', items(150));
    expect(new Set(found.map(({ Employee_ID }) => Employee_ID)).size).toBe(150);
    expect(found).toHaveLength(150);
    expect(asked.sort((a, b) => a - b)).toEqual([40, 50, 100]);
  });

  it('give up after a bounded number of rounds and say so', async () => {
    let rounds = 0;
    const { tables, pauses } = tablesAnswering((sent) => {
      rounds += 1;
      return {
        UnprocessedItems: { p_Employees: requests(sent) },
        UnprocessedKeys: {},
      };
    });
    await expect(tables.putAll('Employees', items(1))).rejects.toBeInstanceOf(StorageError);
    expect(rounds).toBe(12);
    expect(Math.max(...pauses)).toBe(5_000);
    expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBeLessThan(30_000);

    const reading = tablesAnswering((sent) => ({
      UnprocessedKeys: { p_Employees: { Keys: keysOf(sent) } },
    }));
    await expect(reading.tables.getAll('Employees', items(1))).rejects.toBeInstanceOf(StorageError);
  });

  it('keep at most 16 calls under way, and begin none after a failure', async () => {
    let [underWay, most, begun] = [0, 0, 0];
    const { tables } = tablesAnswering(async (sent) => {
      underWay += 1;
      begun += 1;
      most = Math.max(most, underWay);
      const isBad = requests(sent).some(({ PutRequest }) => idOf(PutRequest?.Item) === 'E500');
      await Promise.resolve();
      underWay -= 1;
      if (isBad) throw new Error('ValidationException');
      return {};
    });
    await expect(tables.putAll('Employees', items(25 * 1_000))).rejects.toBeInstanceOf(StorageError);
    expect(most).toBe(16);
    expect(begun).toBeLessThan(100);
  });

  it('send nothing for nothing', async () => {
    const { tables } = tablesAnswering(() => {
      throw new Error('Nothing should be sent');
    });
    await tables.putAll('Employees', []);
    await tables.deleteAll('Employees', []);
    expect(await tables.getAll('Employees', [])).toEqual([]);
  });
});
