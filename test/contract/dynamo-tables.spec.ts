import { describe, expect, it } from '@jest/globals';
import type {
  BatchGetCommandOutput,
  BatchWriteCommandOutput,
  DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';
import { DynamoTables, type Item } from '../../src/storage/dynamodb/dynamo-tables.js';
import { StorageError } from '../../src/storage/storage-error.js';

interface WriteRequest {
  readonly PutRequest?: { readonly Item: Item };
  readonly DeleteRequest?: { readonly Key: Item };
}

interface ReadRequest {
  readonly Keys: readonly Item[];
  readonly ConsistentRead?: boolean;
}

interface Sent {
  readonly input: { readonly RequestItems: Record<string, WriteRequest[] | ReadRequest> };
}

type Answer = Partial<BatchGetCommandOutput & BatchWriteCommandOutput>;

/** Tables over a client that answers as told, and the pauses that they made. */
function tablesAnswering(answer: (command: Sent) => Answer | Promise<Answer>): {
  tables: DynamoTables;
  pauses: number[];
} {
  const pauses: number[] = [];
  const send = async (command: Sent): Promise<Answer> => answer(command);
  const client = { send } as unknown as DynamoDBDocumentClient;
  const sleep = (ms: number): Promise<void> => {
    pauses.push(ms);
    return Promise.resolve();
  };
  return { tables: new DynamoTables(client, 'p_', { random: () => 1, sleep }), pauses };
}

const items = (count: number): Item[] => Array.from({ length: count }, (_, n) => ({ Employee_ID: `E${n}` }));

function requests(command: Sent): WriteRequest[] {
  const asked = command.input.RequestItems.p_Employees;
  if (asked === undefined || 'Keys' in asked) throw new Error('Not a write');
  return asked;
}

function keys(command: Sent): ReadRequest {
  const asked = command.input.RequestItems.p_Employees;
  if (asked === undefined || !('Keys' in asked)) throw new Error('Not a read');
  return asked;
}

describe('the batch calls of the DynamoDB adapter', () => {
  it('put again what was left, and nothing else, until all is through', async () => {
    const written: string[] = [];
    const sizes: number[] = [];
    const { tables, pauses } = tablesAnswering((command) => {
      const batch = requests(command);
      sizes.push(batch.length);
      const [taken, left] = [batch.slice(0, 10), batch.slice(10)];
      written.push(...taken.map(({ PutRequest }) => String(PutRequest?.Item.Employee_ID)));
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
    const { tables } = tablesAnswering((command) => {
      const [first, ...left] = requests(command);
      deleted.push(first?.DeleteRequest?.Key);
      return { UnprocessedItems: left.length === 0 ? {} : { p_Employees: left } };
    });
    await tables.deleteAll('Employees', items(3));
    expect(deleted).toEqual(items(3));
  });

  it('read again the keys that were left, consistently, a hundred at most', async () => {
    const asked: number[] = [];
    const { tables } = tablesAnswering((command) => {
      const { Keys, ConsistentRead } = keys(command);
      expect(ConsistentRead).toBe(true);
      asked.push(Keys.length);
      const [found, left] = [Keys.slice(0, 60), Keys.slice(60)];
      return {
        Responses: { p_Employees: [...found] },
        UnprocessedKeys: left.length === 0 ? {} : { p_Employees: { Keys: [...left] } },
      };
    });
    const found = await tables.getAll('Employees', items(150));
    expect(new Set(found.map(({ Employee_ID }) => Employee_ID)).size).toBe(150);
    expect(found).toHaveLength(150);
    expect(asked.sort((a, b) => a - b)).toEqual([40, 50, 100]);
  });

  it('give up after a bounded number of rounds and say so', async () => {
    let rounds = 0;
    const { tables, pauses } = tablesAnswering((command) => {
      rounds += 1;
      return {
        UnprocessedItems: { p_Employees: [...requests(command)] },
        UnprocessedKeys: {},
      };
    });
    await expect(tables.putAll('Employees', items(1))).rejects.toBeInstanceOf(StorageError);
    expect(rounds).toBe(12);
    expect(Math.max(...pauses)).toBe(5_000);
    expect(pauses.reduce((sum, pause) => sum + pause, 0)).toBeLessThan(30_000);

    const reading = tablesAnswering((command) => ({
      UnprocessedKeys: { p_Employees: { Keys: [...keys(command).Keys] } },
    }));
    await expect(reading.tables.getAll('Employees', items(1))).rejects.toBeInstanceOf(StorageError);
  });

  it('keep at most 16 calls under way, and begin none after a failure', async () => {
    let [underWay, most, begun] = [0, 0, 0];
    const { tables } = tablesAnswering(async (command) => {
      underWay += 1;
      begun += 1;
      most = Math.max(most, underWay);
      const isBad = requests(command).some(({ PutRequest }) => PutRequest?.Item.Employee_ID === 'E500');
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
