import { randomUUID } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { DynamoTables } from './dynamo-tables.js';
import type { Item } from './item-fields.js';

/** One short list in the `Pulsewatch_Coordination` table, for the coordination of processes. */
export class CoordinationList {
  private readonly table: string;

  constructor(
    private readonly tables: DynamoTables,
    private readonly list: string,
  ) {
    this.table = tables.name('Pulsewatch_Coordination');
  }

  /** Puts an item, replacing the one before. */
  async put(id: string, attributes: Item): Promise<void> {
    await this.tables.attempt(`write ${this.table}`, () =>
      this.tables.client.send(
        new PutCommand({ TableName: this.table, Item: { ...attributes, list: this.list, id } }),
      ),
    );
  }

  /** One item, strongly consistent. */
  async get(id: string): Promise<Item | undefined> {
    const { Item } = await this.tables.attempt(`read ${this.table}`, () =>
      this.tables.client.send(
        new GetCommand({ TableName: this.table, Key: { list: this.list, id }, ConsistentRead: true }),
      ),
    );
    return Item;
  }

  /** The items that exist among distinct ids, strongly consistent, in no particular order. */
  getAll(ids: readonly string[]): Promise<Item[]> {
    return this.tables.getAll(
      'Pulsewatch_Coordination',
      ids.map((id) => ({ list: this.list, id })),
    );
  }

  /**
   * Puts an item on top of the one whose attribute has this value; with `undefined` the id must be free. Resolves to
   * whether it did. When the acknowledgement is lost and another put followed, it resolves to false although it did.
   */
  putIf(
    id: string,
    attributes: Item,
    attribute: string,
    value: string | number | undefined,
  ): Promise<boolean> {
    const condition =
      value === undefined
        ? { ConditionExpression: 'attribute_not_exists(id)' }
        : {
            ConditionExpression: '#attribute = :value',
            ExpressionAttributeNames: { '#attribute': attribute },
            ExpressionAttributeValues: { ':value': value },
          };
    const writer = randomUUID();
    return this.tables.attempt(`write ${this.table}`, async () => {
      try {
        await this.tables.client.send(
          new PutCommand({
            TableName: this.table,
            Item: { ...attributes, list: this.list, id, writer },
            ...condition,
          }),
        );
        return true;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        // The SDK resends a put whose acknowledgement was lost, and the second one then fails on the first.
        return (error.$metadata.attempts ?? 1) > 1 && (await this.get(id))?.writer === writer;
      }
    });
  }

  /** Removes an item, if there is one. */
  async remove(id: string): Promise<void> {
    await this.tables.attempt(`delete from ${this.table}`, () =>
      this.tables.client.send(new DeleteCommand({ TableName: this.table, Key: { list: this.list, id } })),
    );
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

  /** The items after the id `after`, at most `limit`, in the order of their ids; strongly consistent. */
  async following(after: string, limit: number): Promise<Item[]> {
    const items: Item[] = [];
    for await (const page of this.pages({ after, limit })) {
      items.push(...page);
      if (items.length >= limit) break;
    }
    return items.slice(0, limit);
  }

  /** Every item, strongly consistent. */
  async all(): Promise<Item[]> {
    const items: Item[] = [];
    for await (const page of this.pages()) items.push(...page);
    return items;
  }

  /** Every item in pages, or those after an id in pages of `limit`; strongly consistent. A page may be empty. */
  async *pages(from?: { readonly after: string; readonly limit: number }): AsyncIterable<Item[]> {
    yield* this.tables.queryPages('Pulsewatch_Coordination', {
      KeyConditionExpression: `#list = :list${from ? ' AND #id > :after' : ''}`,
      ExpressionAttributeNames: { '#list': 'list', ...(from && { '#id': 'id' }) },
      ExpressionAttributeValues: { ':list': this.list, ...(from && { ':after': from.after }) },
      ...(from && { Limit: from.limit }),
    });
  }
}
