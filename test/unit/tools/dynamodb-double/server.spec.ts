import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteTableCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  type AttributeValue,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { createDynamoClient } from '../../../../src/storage/dynamodb/dynamodb-client.js';
import { startServer } from '../../../../tools/dynamodb-double/server.mjs';
import { TEST_REGION } from '../../../support/storage/dynamodb.js';

type Item = Record<string, AttributeValue>;
const TableName = 'things';
const Key = { id: { S: 'a' }, n: { N: '1' } };

describe('the second DynamoDB', () => {
  let server: Awaited<ReturnType<typeof startServer>>;
  let endpoint: string;
  let client: DynamoDBClient;
  const put = (Item: Item) => client.send(new PutItemCommand({ TableName, Item }));

  beforeAll(async () => {
    server = await startServer();
    endpoint = `http://127.0.0.1:${server.port}`;
    client = createDynamoClient({ region: TEST_REGION, endpoint });
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'id', AttributeType: 'S' },
          { AttributeName: 'n', AttributeType: 'N' },
        ],
        KeySchema: [
          { AttributeName: 'id', KeyType: 'HASH' },
          { AttributeName: 'n', KeyType: 'RANGE' },
        ],
      }),
    );
  });
  afterAll(async () => {
    client.destroy();
    await server.stop();
  });

  it.each<[string, () => Promise<unknown>, string, string]>([
    ['an item without its key', () => put({ id: { S: 'a' } }), 'ValidationException', 'Missing the key n'],
    [
      'a key of another type',
      () => put({ id: { S: 'a' }, n: { S: '1' } }),
      'ValidationException',
      'Type mismatch',
    ],
    [
      'an empty key',
      () => put({ id: { S: '' }, n: { N: '1' } }),
      'ValidationException',
      'empty string value',
    ],
    [
      'an item that is too big',
      () => put({ ...Key, x: { S: 'x'.repeat(400 * 1024) } }),
      'ValidationException',
      'size',
    ],
    ['an empty set', () => put({ ...Key, x: { SS: [] } }), 'ValidationException', 'may not be empty'],
    [
      'more of a key than it has',
      () => client.send(new GetItemCommand({ TableName, Key: { ...Key, x: { S: 'x' } } })),
      'ValidationException',
      'does not match the schema',
    ],
    [
      'an update of the key',
      () =>
        client.send(
          new UpdateItemCommand({
            ...{ TableName, Key, UpdateExpression: 'SET n = :n' },
            ExpressionAttributeValues: { ':n': { N: '2' } },
          }),
        ),
      'ValidationException',
      'part of the key',
    ],
    [
      'a batch of 26',
      () =>
        client.send(
          new BatchWriteItemCommand({
            RequestItems: {
              [TableName]: Array.from({ length: 26 }, (_, n) => ({
                PutRequest: { Item: { id: { S: 'b' }, n: { N: String(n) } } },
              })),
            },
          }),
        ),
      'ValidationException',
      'Too many items',
    ],
    [
      'a key twice in a batch',
      () =>
        client.send(
          new BatchGetItemCommand({
            RequestItems: { [TableName]: { Keys: [Key, { ...Key, n: { N: '1.0' } }] } },
          }),
        ),
      'ValidationException',
      'duplicates',
    ],
    [
      'a table that is not there',
      () => client.send(new ScanCommand({ TableName: 'nothing' })),
      'ResourceNotFoundException',
      'not found',
    ],
    [
      'a query without its partition',
      () =>
        client.send(
          new QueryCommand({
            ...{ TableName, KeyConditionExpression: 'n = :n' },
            ExpressionAttributeValues: { ':n': { N: '1' } },
          }),
        ),
      'ValidationException',
      'missed key schema element: id',
    ],
  ])('refuses %s', async (_what, call, name, message) => {
    await expect(call()).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
  });

  it('shows the item that a condition refuses, where that is wanted', async () => {
    const Item = { ...Key, v: { N: '7' } };
    await put(Item);
    const refused = client.send(
      new PutItemCommand({
        ...{ TableName, Item, ConditionExpression: 'attribute_not_exists(id)' },
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      }),
    );
    await expect(refused).rejects.toMatchObject({ name: 'ConditionalCheckFailedException', Item });
  });

  it('charges by the greater of what was and is, in whole units, and half for what may be old', async () => {
    const Item = { id: { S: 'c' }, n: { N: '1' }, x: { S: 'x'.repeat(4_100) } };
    const units = async (
      call: Promise<{ ConsumedCapacity?: { CapacityUnits?: number | undefined } | undefined }>,
    ) => (await call).ConsumedCapacity?.CapacityUnits;
    const ReturnConsumedCapacity = 'TOTAL';
    expect(await units(client.send(new PutItemCommand({ TableName, Item, ReturnConsumedCapacity })))).toBe(5);
    const small = { id: Item.id, n: Item.n };
    const get = (ConsistentRead: boolean) =>
      units(
        client.send(new GetItemCommand({ TableName, Key: small, ConsistentRead, ReturnConsumedCapacity })),
      );
    expect([await get(true), await get(false)]).toEqual([2, 1]);
    const replaced = new PutItemCommand({ TableName, Item: small, ReturnConsumedCapacity });
    expect(await units(client.send(replaced))).toBe(5);
    expect(await get(false)).toBe(0.5);
  });

  it('deletes no table that is protected', async () => {
    await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: true }));
    await expect(client.send(new DeleteTableCommand({ TableName }))).rejects.toThrow(
      'protected against deletion',
    );
  });

  it('refuses what is not signed, and parameters and operations that it does not know', async () => {
    const send = async (target: string, body: object, headers = {}) => {
      const answer = await fetch(endpoint, {
        method: 'POST',
        headers: { 'x-amz-target': target, ...headers },
        body: JSON.stringify(body),
      });
      return (await answer.json()) as { __type: string };
    };
    const authorization = `AWS4-HMAC-SHA256 Credential=local/20260101/${TEST_REGION}/dynamodb/aws4_request`;
    const type = async (...request: Parameters<typeof send>) => (await send(...request)).__type.split('#')[1];
    const describeTable = 'DynamoDB_20120810.DescribeTable';
    expect(await type(describeTable, { TableName })).toBe('MissingAuthenticationTokenException');
    expect(await type(describeTable, { TableName, Tabel: 1 }, { authorization })).toBe(
      'SerializationException',
    );
    expect(await type(describeTable, { TableName: 1 }, { authorization })).toBe('SerializationException');
    expect(await type(describeTable, {}, { authorization })).toBe('ValidationException');
    expect(await type('DynamoDB_20120810.Explode', {}, { authorization })).toBe('UnknownOperationException');
  });
});
