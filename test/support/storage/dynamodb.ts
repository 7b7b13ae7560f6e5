import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import {
  DeleteTableCommand,
  DescribeTableCommand,
  ListTablesCommand,
  ResourceNotFoundException,
  UpdateTableCommand,
  waitUntilTableExists,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient, ListStreamsCommand } from '@aws-sdk/client-dynamodb-streams';
import { createDynamoClient } from '../../../src/storage/dynamodb/dynamodb-client.js';
import { WAIT } from '../../../src/storage/dynamodb/table-definitions.js';
import type { Variables } from '../app/app.js';

export const TEST_REGION = 'eu-central-1';

/** Whether the DynamoDB that DYNAMODB_ENDPOINT names may do what AWS may: `npm run test:dynamodb -- --hostile` says so. */
export function givenLosesAnswers(): boolean {
  return process.env.PULSEWATCH_TEST_HOSTILE === 'true';
}

/** A DynamoDB for tests: dynalite in this process, or the one that DYNAMODB_ENDPOINT names. */
export interface TestDynamo {
  /** Settings for an installation of its own: no other sees its tables. */
  readonly variables: Variables;
  readonly endpoint: string;
  /** A prefix for tables that nobody else has. */
  readonly newPrefix: () => string;
  /** Ends it; of one that was given only the tables of its prefixes go. */
  readonly stop: () => Promise<void>;
}

/** Starts one. */
export async function startDynamo(): Promise<TestDynamo> {
  const given = process.env.DYNAMODB_ENDPOINT;
  if (given !== undefined) return givenDynamo(given);
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  // Otherwise it hangs up after 5 s, just as the client sends on that connection, and again at each of its attempts.
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return useDynamo(`http://127.0.0.1:${port}`, async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });
}

/** The DynamoDB at an endpoint, with an installation of its own. `stop` is told which prefixes were used. */
export function useDynamo(
  endpoint: string,
  stop: (prefixes: readonly string[]) => Promise<void>,
): TestDynamo {
  const prefixes: string[] = [];
  const newPrefix = (): string => {
    const prefix = `t${randomUUID().slice(0, 8)}_`;
    prefixes.push(prefix);
    return prefix;
  };
  const variables = {
    STORAGE: 'dynamodb',
    AWS_REGION: TEST_REGION,
    DYNAMODB_ENDPOINT: endpoint,
    DYNAMODB_CREATE_TABLES: 'true',
    TABLE_PREFIX: newPrefix(),
  };
  return { endpoint, variables, newPrefix, stop: () => stop(prefixes) };
}

/** The one that DYNAMODB_ENDPOINT names. */
export function givenDynamo(endpoint: string): TestDynamo {
  return useDynamo(endpoint, (prefixes) => dropTables(endpoint, prefixes));
}

async function dropTables(endpoint: string, prefixes: readonly string[]): Promise<void> {
  const client = createDynamoClient({ region: TEST_REGION, endpoint });
  for await (const name of tableNames(client))
    if (prefixes.some((prefix) => name.startsWith(prefix))) await dropTable(client, name);
  client.destroy();
}

/** A table that is being changed cannot be dropped, and one whose answer was lost may be gone already. */
async function dropTable(client: DynamoDBClient, TableName: string): Promise<void> {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    if (Table?.DeletionProtectionEnabled === true)
      await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
    await waitUntilTableExists({ client, ...WAIT }, { TableName });
    await client.send(new DeleteTableCommand({ TableName }));
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error;
  }
}

/** Whether DYNAMODB_ENDPOINT names an endpoint with Streams; without one the tests run on dynalite, which has none. */
export async function hasStreams(): Promise<boolean> {
  const endpoint = process.env.DYNAMODB_ENDPOINT;
  if (endpoint === undefined) return false;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBStreamsClient({ region: TEST_REGION, endpoint, credentials });
  try {
    await client.send(new ListStreamsCommand({ Limit: 1 }));
    return true;
  } catch {
    return false;
  } finally {
    client.destroy();
  }
}

/** The names of all tables there are. */
export async function* tableNames(client: DynamoDBClient): AsyncIterable<string> {
  let start: string | undefined;
  do {
    const page = await client.send(
      new ListTablesCommand(start === undefined ? {} : { ExclusiveStartTableName: start }),
    );
    yield* page.TableNames ?? [];
    start = page.LastEvaluatedTableName;
  } while (start !== undefined);
}
