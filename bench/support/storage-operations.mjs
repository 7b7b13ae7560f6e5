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

/** Items that a call to DynamoDB reads or writes, by the name of its command. */
const ITEMS = {
  GetCommand: () => ['reads', 1],
  BatchGetCommand: ({ RequestItems }) => [
    'reads',
    sizeOf(Object.values(RequestItems).map(({ Keys }) => Keys)),
  ],
  QueryCommand: (_input, { ScannedCount }) => ['reads', Math.max(1, ScannedCount)],
  ScanCommand: (_input, { ScannedCount }) => ['reads', Math.max(1, ScannedCount)],
  PutCommand: () => ['writes', 1],
  UpdateCommand: () => ['writes', 1],
  DeleteCommand: () => ['writes', 1],
  BatchWriteCommand: ({ RequestItems }) => ['writes', sizeOf(RequestItems)],
};

/** Begins to count on DynamoDB. A write that is refused is one, too. */
export function countDynamo() {
  const { send } = DynamoDBDocumentClient.prototype;
  DynamoDBDocumentClient.prototype.send = async function (command, ...rest) {
    const itemsOf = ITEMS[command.constructor.name];
    const count = (output) => {
      if (!itemsOf) return;
      const [kind, items] = itemsOf(command.input, output);
      counts[kind] += items;
      counts.calls += 1;
    };
    try {
      const output = await send.call(this, command, ...rest);
      count(output);
      return output;
    } catch (error) {
      count({ ScannedCount: 0 });
      throw error;
    }
  };
}
