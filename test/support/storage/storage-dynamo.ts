import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDynamoClient } from '../../../src/storage/dynamodb/dynamodb-client.js';
import { TEST_REGION, type TestDynamo } from './dynamodb.js';

/** Settings of an installation on a DynamoDB for tests. */
export function dynamoConfig({ endpoint }: Pick<TestDynamo, 'endpoint'>, tablePrefix: string) {
  return {
    driver: 'dynamodb',
    region: TEST_REGION,
    endpoint,
    createTables: true,
    tablePrefix,
    streams: 'auto',
  } as const;
}

/** A client as the product makes it. */
export function testClient(dynamo: Pick<TestDynamo, 'endpoint'>): DynamoDBDocumentClient {
  return createDynamoClient(dynamoConfig(dynamo, ''));
}

/** Runs something right before the first request of a kind is sent. */
export function beforeFirst(
  client: DynamoDBDocumentClient,
  commandName: string,
  run: () => Promise<unknown>,
): void {
  let isDone = false;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      if (!isDone && context.commandName === commandName) {
        isDone = true;
        await run();
      }
      return next(args);
    },
    { step: 'finalizeRequest' },
  );
}

/** Loses the answer to the first request of a kind: DynamoDB has done it, and the SDK sends it again. */
export function loseFirstAnswer(client: DynamoDBDocumentClient, commandName: string): { lost: number } {
  const counter = { lost: 0 };
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const answer = await next(args);
      if (counter.lost > 0 || context.commandName !== commandName) return answer;
      counter.lost += 1;
      throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET' });
    },
    { step: 'deserialize', priority: 'high' },
  );
  return counter;
}

/** Has the first query find nothing and end at a key, as DynamoDB may where items were removed: there are more after it. */
export function emptyFirstPage(
  client: DynamoDBDocumentClient,
  key: Readonly<Record<string, unknown>>,
): { emptied: number } {
  const counter = { emptied: 0 };
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const answer = await next(args);
      const { output } = answer;
      if (!output || counter.emptied > 0 || context.commandName !== 'QueryCommand') return answer;
      counter.emptied += 1;
      Object.assign(output, { Items: [], LastEvaluatedKey: key });
      return answer;
    },
    { step: 'deserialize', priority: 'high' },
  );
  return counter;
}
