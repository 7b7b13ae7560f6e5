import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { UploadRecord } from '../../domain/uploads/upload.js';
import type { Page } from '../ports/entity.store.js';
import { UploadStore } from '../ports/upload.store.js';
import type { DynamoTables } from './dynamo-tables.js';
import type { Item } from './item-fields.js';

/**
 * All uploads are one collection, so that they are listed in the order of time. A record is written a few times at
 * most.
 */
const LIST = 'uploads';

/** The `Pulsewatch_Uploads` table in DynamoDB: each record as one JSON text. */
export class DynamoUploadStore extends UploadStore {
  private readonly table: string;

  constructor(private readonly tables: DynamoTables) {
    super();
    this.table = tables.name('Pulsewatch_Uploads');
  }

  put(upload: UploadRecord): Promise<boolean> {
    const { id, revision } = upload;
    const Item = { list: LIST, upload_id: id, revision, record: JSON.stringify(upload) };
    return this.tables.attempt(`write ${this.table}`, async () => {
      try {
        await this.tables.client.send(
          new PutCommand({
            TableName: this.table,
            Item,
            ...(revision === 1
              ? { ConditionExpression: 'attribute_not_exists(upload_id)' }
              : {
                  ConditionExpression: '#revision = :before',
                  ExpressionAttributeNames: { '#revision': 'revision' },
                  ExpressionAttributeValues: { ':before': revision - 1 },
                }),
          }),
        );
        return true;
      } catch (error) {
        // The SDK resends a put whose acknowledgement was lost, and the second one then fails on the first.
        if (error instanceof ConditionalCheckFailedException) return this.holds(id, Item.record);
        throw error;
      }
    });
  }

  async get(id: string): Promise<UploadRecord | undefined> {
    const item = await this.tables.attempt(`read ${this.table}`, () => this.getItem(id));
    return item && fromItem(item);
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

  private async getItem(id: string): Promise<Item | undefined> {
    const Key = { list: LIST, upload_id: id };
    const { Item } = await this.tables.client.send(
      new GetCommand({ TableName: this.table, Key, ConsistentRead: true }),
    );
    return Item;
  }

  private async holds(id: string, record: string): Promise<boolean> {
    return (await this.getItem(id))?.record === record;
  }
}

function fromItem(item: Item): UploadRecord {
  return JSON.parse(String(item.record)) as UploadRecord;
}
