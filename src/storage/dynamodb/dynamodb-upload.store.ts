import { DeleteCommand, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { UploadRecord } from '../../domain/upload.js';
import type { Page } from '../entity.store.js';
import { UploadStore } from '../upload.store.js';
import type { DynamoTables, Item } from './dynamo-tables.js';

/** All uploads are one collection, so that they can be listed by time; a record is written a few times at most. */
const LIST = 'uploads';

/** The `Pulsewatch_Uploads` table in DynamoDB: each record as one JSON text. */
export class DynamoUploadStore extends UploadStore {
  private readonly table: string;

  constructor(private readonly tables: DynamoTables) {
    super();
    this.table = tables.name('Pulsewatch_Uploads');
  }

  async put(upload: UploadRecord): Promise<void> {
    const Item = { list: LIST, upload_id: upload.id, record: JSON.stringify(upload) };
    await this.tables.attempt(`write ${this.table}`, () =>
      this.tables.client.send(new PutCommand({ TableName: this.table, Item })),
    );
  }

  async get(id: string): Promise<UploadRecord | undefined> {
    const { Item } = await this.tables.attempt(`read ${this.table}`, () =>
      this.tables.client.send(
        new GetCommand({ TableName: this.table, Key: { list: LIST, upload_id: id }, ConsistentRead: true }),
      ),
    );
    return Item && fromItem(Item);
  }

  async list({ limit, after }: { limit: number; after?: string }): Promise<Page<UploadRecord>> {
    const { Items = [], LastEvaluatedKey } = await this.tables.attempt(`read ${this.table}`, () =>
      this.tables.client.send(
        new QueryCommand({
          TableName: this.table,
          KeyConditionExpression: '#list = :list',
          ExpressionAttributeNames: { '#list': 'list' },
          ExpressionAttributeValues: { ':list': LIST },
          ScanIndexForward: false,
          ConsistentRead: true,
          Limit: limit,
          ...(after === undefined ? {} : { ExclusiveStartKey: { list: LIST, upload_id: after } }),
        }),
      ),
    );
    const next: unknown = LastEvaluatedKey?.upload_id;
    return { items: Items.map(fromItem), ...(typeof next === 'string' ? { next } : {}) };
  }

  async delete(id: string): Promise<void> {
    await this.tables.attempt(`delete from ${this.table}`, () =>
      this.tables.client.send(
        new DeleteCommand({ TableName: this.table, Key: { list: LIST, upload_id: id } }),
      ),
    );
  }
}

function fromItem(item: Item): UploadRecord {
  return JSON.parse(String(item.record)) as UploadRecord;
}
