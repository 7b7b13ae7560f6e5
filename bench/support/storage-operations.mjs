// Counts what a process reads and writes in its storage: items, and calls to DynamoDB.
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Table } from '../../dist/storage/embedded/embedded-table.js';

const counts = { reads: 0, writes: 0, calls: 0 };

/** What was counted since the last time, by `reads` and `writes` of items, and `calls`. */
export function takeCounts() {
  const taken = { ...counts };
  for (const name of Object.keys(counts)) counts[name] = 0;
  return taken;
}

function after(prototype, method, count) {
  const original = prototype[method];
  prototype[method] = function (...given) {
    const result = original.apply(this, given);
    count(result);
    return result;
  };
}

/** Begins to count on the embedded storage; a read that finds nothing is one, too. */
export function countEmbedded() {
  after(Table.prototype, 'get', () => (counts.reads += 1));
  for (const method of ['range', 'keys'])
    after(Table.prototype, method, ({ length }) => (counts.reads += Math.max(1, length)));
  for (const method of ['put', 'remove']) after(Table.prototype, method, () => (counts.writes += 1));
}

const sizeOf = (lists) => Object.values(lists ?? {}).reduce((sum, list) => sum + list.length, 0);

/** Items that a call to DynamoDB reads or writes, by the name of its command; a call that failed has no output. */
const ITEMS = {
  GetItemCommand: () => ['reads', 1],
  BatchGetItemCommand: ({ RequestItems }) => [
    'reads',
    sizeOf(Object.values(RequestItems).map(({ Keys }) => Keys)),
  ],
  QueryCommand: (_input, { ScannedCount = 0 } = {}) => ['reads', Math.max(1, ScannedCount)],
  ScanCommand: (_input, { ScannedCount = 0 } = {}) => ['reads', Math.max(1, ScannedCount)],
  PutItemCommand: () => ['writes', 1],
  UpdateItemCommand: () => ['writes', 1],
  DeleteItemCommand: () => ['writes', 1],
  BatchWriteItemCommand: ({ RequestItems }) => ['writes', sizeOf(RequestItems)],
};

/** Counts on every client that is made from now on. A write that is refused is one, too. */
export function countDynamo() {
  const { from } = DynamoDBDocumentClient;
  DynamoDBDocumentClient.from = (...given) => {
    const client = from.apply(DynamoDBDocumentClient, given);
    client.middlewareStack.add(counted, { step: 'initialize', name: 'counted' });
    return client;
  };
}

function counted(next, { commandName }) {
  return async (args) => {
    const count = (output) => {
      const [kind, items] = ITEMS[commandName]?.(args.input, output) ?? [];
      if (kind === undefined) return;
      counts[kind] += items;
      counts.calls += 1;
    };
    try {
      const answer = await next(args);
      count(answer.output);
      return answer;
    } catch (error) {
      count();
      throw error;
    }
  };
}
