// Writes items to DynamoDB with the bare SDK and nothing around it, as fast as it can.
import { BatchWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { performance } from 'node:perf_hooks';

/** The most that DynamoDB takes in one call. */
const BATCH = 25;

/** Runs `work` for every item, `lanes` at once. */
async function inLanes(items, lanes, work) {
  let next = 0;
  const lane = async () => {
    while (next < items.length) await work(items[next++]);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** Puts all items in batches; answers the milliseconds that it took. */
export async function putBare(client, table, items, lanes) {
  const batches = [];
  for (let start = 0; start < items.length; start += BATCH) batches.push(items.slice(start, start + BATCH));
  const began = performance.now();
  await inLanes(batches, lanes, async (batch) => {
    const RequestItems = { [table]: batch.map((Item) => ({ PutRequest: { Item } })) };
    const { UnprocessedItems = {} } = await client.send(new BatchWriteCommand({ RequestItems }));
    if (Object.keys(UnprocessedItems).length > 0) throw new Error('the endpoint left items unprocessed');
  });
  return performance.now() - began;
}

/** Sets every attribute of all items, one call each; answers the milliseconds that it took. */
export async function updateBare(client, table, key, items, lanes) {
  const began = performance.now();
  await inLanes(items, lanes, async ({ [key]: id, ...attributes }) => {
    const names = Object.keys(attributes);
    await client.send(
      new UpdateCommand({
        TableName: table,
        Key: { [key]: id },
        UpdateExpression: `SET ${names.map((_, n) => `#p${n} = :p${n}`).join(', ')}`,
        ExpressionAttributeNames: Object.fromEntries(names.map((name, n) => [`#p${n}`, name])),
        ExpressionAttributeValues: Object.fromEntries(names.map((name, n) => [`:p${n}`, attributes[name]])),
      }),
    );
  });
  return performance.now() - began;
}
