import {
  DescribeTableCommand,
  UpdateTableCommand,
  waitUntilTableExists,
  type StreamSpecification,
} from '@aws-sdk/client-dynamodb';
import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { STREAM_SPECIFICATION, WAIT } from '../../../src/storage/dynamodb/table-definitions.js';
import { createDynamoClient } from '../../../src/storage/dynamodb/dynamodb-client.js';
import type { Variables } from './app.js';
import { TEST_REGION } from '../storage/dynamodb.js';

type Item = Record<string, unknown>;
const KEYS = { Employees: 'Employee_ID', Departments: 'department_id' } as const;
type Table = keyof typeof KEYS;

/** Another tool, which edits the tables of an installation and knows nothing of Pulsewatch. */
export class OtherTool {
  private readonly client;
  private readonly prefix: string;

  constructor({ DYNAMODB_ENDPOINT: endpoint = '', TABLE_PREFIX: prefix = '' }: Variables) {
    this.client = createDynamoClient({ region: TEST_REGION, endpoint });
    this.prefix = prefix;
  }

  async get(table: Table, id: string): Promise<Item | undefined> {
    const { Item } = await this.client.send(
      new GetCommand({ TableName: this.prefix + table, Key: { [KEYS[table]]: id }, ConsistentRead: true }),
    );
    return Item;
  }

  async put(table: Table, id: string, item: Item): Promise<void> {
    await this.client.send(
      new PutCommand({ TableName: this.prefix + table, Item: { ...item, [KEYS[table]]: id } }),
    );
  }

  async set(table: Table, id: string, name: string, value: unknown): Promise<void> {
    await this.client.send(
      new UpdateCommand({
        TableName: this.prefix + table,
        Key: { [KEYS[table]]: id },
        UpdateExpression: 'SET #name = :value',
        ExpressionAttributeNames: { '#name': name },
        ExpressionAttributeValues: { ':value': value },
      }),
    );
  }

  async remove(table: Table, id: string): Promise<void> {
    await this.client.send(new DeleteCommand({ TableName: this.prefix + table, Key: { [KEYS[table]]: id } }));
  }

  /** Whether the table has a stream. */
  async hasStream(table: Table): Promise<boolean> {
    const { Table } = await this.client.send(new DescribeTableCommand({ TableName: this.prefix + table }));
    return Table?.LatestStreamArn !== undefined;
  }

  /** Ends the stream of a table, edits while there is none, and gives the table another one. */
  async replaceStream(table: Table, meanwhile: () => Promise<void>): Promise<void> {
    const TableName = this.prefix + table;
    const update = async (StreamSpecification: StreamSpecification): Promise<void> => {
      await this.client.send(new UpdateTableCommand({ TableName, StreamSpecification }));
      await waitUntilTableExists({ client: this.client, ...WAIT }, { TableName });
    };
    await update({ StreamEnabled: false });
    await meanwhile();
    await update(STREAM_SPECIFICATION);
  }

  close(): void {
    this.client.destroy();
  }
}
