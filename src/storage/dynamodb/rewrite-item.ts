import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Rewritten } from '../ports/event-rewrite.js';
import { StorageError } from '../ports/storage-error.js';
import type { DynamoTables } from './dynamo-tables.js';
import type { Item } from './item-fields.js';
import type { TableName } from './table-definitions.js';

/** Other rewrites coming first at each of this many attempts is a fault, not a race. */
const MAX_RACES = 20;

/**
 * Changes the `events` of an item, one JSON text, if the item is still there. The item counts its rewrites, so that of
 * two at once neither undoes the other. A pseudonym makes an event longer by a fifth at most, so that an item of the
 * size at which it was packed stays below the 400 KB that DynamoDB takes.
 */
export async function rewriteItem<Event>(
  tables: DynamoTables,
  table: TableName,
  key: Item,
  rewrite: (events: readonly Event[]) => Rewritten<Event>,
): Promise<number> {
  const TableName = tables.name(table);
  for (let race = 0; race < MAX_RACES; race += 1) {
    await tables.pauseBefore(race);
    const { Item } = await tables.attempt(`read ${TableName}`, () =>
      tables.client.send(new GetCommand({ TableName, Key: key, ConsistentRead: true })),
    );
    if (!Item) return 0;
    const { events, changed } = rewrite(JSON.parse(String(Item.events)) as Event[]);
    if (changed === 0) return 0;
    const revision = typeof Item.rewrites === 'number' ? Item.rewrites : undefined;
    if (await put(tables, TableName, key, JSON.stringify(events), revision)) return changed;
  }
  throw new StorageError(`write ${TableName}`, new Error('Other rewrites came first at every attempt'));
}

/**
 * Answers false when the item is gone or was rewritten since it was read; also when that was this very request, sent
 * again.
 */
async function put(
  tables: DynamoTables,
  TableName: string,
  Key: Item,
  events: string,
  revision: number | undefined,
): Promise<boolean> {
  const asRead = revision === undefined ? 'attribute_not_exists(#rewrites)' : '#rewrites = :revision';
  return tables.attempt(`write ${TableName}`, async () => {
    try {
      await tables.client.send(
        new UpdateCommand({
          TableName,
          Key,
          UpdateExpression: 'SET #events = :events, #rewrites = :next',
          ConditionExpression: `attribute_exists(#events) AND ${asRead}`,
          ExpressionAttributeNames: { '#events': 'events', '#rewrites': 'rewrites' },
          ExpressionAttributeValues: {
            ':events': events,
            ':next': (revision ?? 0) + 1,
            ...(revision === undefined ? {} : { ':revision': revision }),
          },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  });
}
