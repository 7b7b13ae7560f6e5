import {
  CreateTableCommand,
  DescribeTableCommand,
  waitUntilTableExists,
  type AttributeDefinition,
  type CreateTableCommandInput,
  type DynamoDBClient,
  type KeySchemaElement,
} from '@aws-sdk/client-dynamodb';
import { mapConcurrent } from '../../lib/map-concurrent.js';
import { StorageError } from '../ports/storage-error.js';

interface KeyAttribute {
  readonly name: string;
  readonly type: 'S' | 'N';
}

/** The tables of contract section 2 and Pulsewatch's own: their names without prefix, and their keys. */
export const TABLES = {
  Survey_Response: [{ name: 'response_id', type: 'S' }],
  Employees: [{ name: 'Employee_ID', type: 'S' }],
  Departments: [{ name: 'department_id', type: 'S' }],
  Pulsewatch_Alert_Log: [
    { name: 'log', type: 'S' },
    { name: 'first', type: 'N' },
  ],
  Pulsewatch_Checkpoints: [
    { name: 'checkpoint', type: 'S' },
    { name: 'part', type: 'N' },
  ],
  Pulsewatch_Uploads: [
    { name: 'list', type: 'S' },
    { name: 'upload_id', type: 'S' },
  ],
  Pulsewatch_Upload_Findings: [
    { name: 'upload_id', type: 'S' },
    { name: 'part', type: 'N' },
  ],
  Pulsewatch_Audit: [
    { name: 'day', type: 'S' },
    { name: 'id', type: 'S' },
  ],
  Pulsewatch_Coordination: [
    { name: 'list', type: 'S' },
    { name: 'id', type: 'S' },
  ],
} as const satisfies Record<string, readonly KeyAttribute[]>;

export type TableName = keyof typeof TABLES;

/** The attribute, in seconds since 1970, after which DynamoDB itself removes an item that has it. */
export const EXPIRING: Partial<Record<TableName, string>> = { Pulsewatch_Coordination: 'expires_at' };

/** The tables with a stream, through which edits of other tools are detected. */
export const STREAMED = ['Employees', 'Departments'] as const satisfies readonly TableName[];
/** The author and the content of a change are derived from the item before and after it. */
export const STREAM_VIEW = 'NEW_AND_OLD_IMAGES';
/** Their setting. */
export const STREAM_SPECIFICATION = { StreamEnabled: true, StreamViewType: STREAM_VIEW } as const;

/** Whether a table has a stream. */
export function isStreamed(table: string): boolean {
  return STREAMED.some((name) => name === table);
}

/** DynamoDB creates few tables at once, and takes some seconds for each. */
const TABLES_AT_ONCE = 10;
/** Seconds. */
export const WAIT = { maxWaitTime: 120, minDelay: 0.05, maxDelay: 5 };

/** Creates the tables that are missing, on demand billing, and waits until they can be used. Throws StorageError. */
export async function createTables(
  client: DynamoDBClient,
  prefix: string,
  onTable: (name: string, outcome: 'created' | 'exists') => void = () => undefined,
): Promise<void> {
  const create = async ([table, keys]: [string, readonly KeyAttribute[]]): Promise<void> => {
    const name = prefix + table;
    try {
      onTable(name, await createTable(client, name, { ...keyAttributes(keys), ...streamOf(table) }));
    } catch (error) {
      throw new StorageError(`create the table ${name}`, error);
    }
  };
  await mapConcurrent(Object.entries(TABLES), TABLES_AT_ONCE, create);
}

/** The key of a table in the format of DynamoDB and CloudFormation. */
export function keyAttributes(keys: readonly KeyAttribute[]): {
  AttributeDefinitions: AttributeDefinition[];
  KeySchema: KeySchemaElement[];
} {
  return {
    AttributeDefinitions: keys.map(({ name, type }) => ({ AttributeName: name, AttributeType: type })),
    KeySchema: keys.map(({ name }, index) => ({
      AttributeName: name,
      KeyType: index === 0 ? 'HASH' : 'RANGE',
    })),
  };
}

/** The settings of the stream of a table, if it has one. An emulator without streams ignores them. */
function streamOf(table: string): Pick<CreateTableCommandInput, 'StreamSpecification'> {
  return isStreamed(table) ? { StreamSpecification: STREAM_SPECIFICATION } : {};
}

async function createTable(
  client: DynamoDBClient,
  name: string,
  settings: Omit<CreateTableCommandInput, 'TableName'>,
): Promise<'created' | 'exists'> {
  if (await exists(client, name)) return 'exists';
  try {
    await client.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        ...settings,
      }),
    );
  } catch (error) {
    // Another instance creates it.
    if (!(error instanceof Error && error.name === 'ResourceInUseException')) throw error;
  }
  await waitUntilTableExists({ client, ...WAIT }, { TableName: name });
  return 'created';
}

async function exists(client: DynamoDBClient, name: string): Promise<boolean> {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
    return Table?.TableStatus === 'ACTIVE' || Table?.TableStatus === 'UPDATING';
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return false;
    throw error;
  }
}
