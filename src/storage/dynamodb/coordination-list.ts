import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, PutCommand, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type { DynamoTables, Item } from './dynamo-tables.js';

/** One short list in the `Pulsewatch_Coordination` table: what the processes must know of each other. */
export class CoordinationList {
  private readonly table: string;

  constructor(
    private readonly tables: DynamoTables,
    private readonly list: string,
  ) {
    this.table = tables.name('Pulsewatch_Coordination');
  }

  /** Puts an item, replacing the one before; answers whether there was one. A lost answer can make it say yes. */
  async put(id: string, attributes: Item): Promise<boolean> {
    const { Attributes } = await this.tables.attempt(`write ${this.table}`, () =>
      this.tables.client.send(
        new PutCommand({
          TableName: this.table,
          Item: { ...attributes, list: this.list, id },
          ReturnValues: 'ALL_OLD',
        }),
      ),
    );
    return Attributes !== undefined;
  }

  /** Removes an item if its attribute has this value. */
  async removeIf(id: string, attribute: string, value: string | number): Promise<void> {
    await this.tables.attempt(`delete from ${this.table}`, async () => {
      try {
        await this.tables.client.send(
          new DeleteCommand({
            TableName: this.table,
            Key: { list: this.list, id },
            ConditionExpression: '#attribute = :value',
            ExpressionAttributeNames: { '#attribute': attribute },
            ExpressionAttributeValues: { ':value': value },
          }),
        );
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      }
    });
  }

  /** Every item, strongly consistent. */
  async all(): Promise<Item[]> {
    const items: Item[] = [];
    let start: QueryCommandInput['ExclusiveStartKey'];
    do {
      const { Items = [], LastEvaluatedKey } = await this.tables.attempt(`read ${this.table}`, () =>
        this.tables.client.send(
          new QueryCommand({
            TableName: this.table,
            KeyConditionExpression: '#list = :list',
            ExpressionAttributeNames: { '#list': 'list' },
            ExpressionAttributeValues: { ':list': this.list },
            ConsistentRead: true,
            ...(start === undefined ? {} : { ExclusiveStartKey: start }),
          }),
        ),
      );
      items.push(...Items);
      start = LastEvaluatedKey;
    } while (start);
    return items;
  }
}
