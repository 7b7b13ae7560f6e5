import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { StorageCall, StorageMeter } from '../ports/storage-meter.js';

/** The calls that carry items, and the kind of capacity that each consumes. Others consume none. */
const CAPACITY = {
  GetItem: 'read',
  BatchGetItem: 'read',
  Query: 'read',
  Scan: 'read',
  PutItem: 'write',
  UpdateItem: 'write',
  DeleteItem: 'write',
  BatchWriteItem: 'write',
} as const;

interface Metadata {
  readonly attempts?: number | undefined;
}

/** The fields of the SDK's inputs and outputs that are metered. None of them has all fields. */
interface Input {
  readonly ReturnConsumedCapacity: string;
  readonly TableName?: string | undefined;
  readonly RequestItems?: object | undefined;
}

interface Output {
  /** Of one table, or a list for several tables. */
  readonly ConsumedCapacity?: object | undefined;
  readonly UnprocessedItems?: object | undefined;
  readonly UnprocessedKeys?: object | undefined;
  readonly $metadata: Metadata;
}

/**
 * Reports each call of this client, and the capacity that DynamoDB charges for it, to the meter. Table names lose
 * `prefix`.
 */
export function meterCalls(client: DynamoDBDocumentClient, meter: StorageMeter, prefix: string): void {
  client.middlewareStack.add(
    (next, context) => {
      const operation = String(context.commandName).replace(/Command$/, '');
      if (!isMetered(operation)) return next;
      const kind = CAPACITY[operation];
      return async (args) => {
        const input = { ...args.input, ReturnConsumedCapacity: 'TOTAL' };
        const table = tableOf(input).slice(prefix.length);
        const start = performance.now();
        const report = (outcome: StorageCall['outcome'], { attempts = 1 }: Metadata, units: number): void =>
          meter.called({
            operation,
            table,
            outcome,
            attempts,
            seconds: (performance.now() - start) / 1_000,
            readUnits: kind === 'read' ? units : 0,
            writeUnits: kind === 'write' ? units : 0,
          });
        try {
          const answer = await next({ ...args, input });
          const output: Output = answer.output;
          report(isPartial(output) ? 'partial' : 'ok', output.$metadata, unitsOf(output));
          return answer;
        } catch (error) {
          report(outcomeOf(error), metadataOf(error), 0);
          throw error;
        }
      };
    },
    { step: 'initialize', name: 'pulsewatchCallMeter' },
  );
}

function isMetered(operation: string): operation is keyof typeof CAPACITY {
  return operation in CAPACITY;
}

/** This product's batches concern one table. */
function tableOf({ TableName, RequestItems = {} }: Input): string {
  return TableName ?? Object.keys(RequestItems)[0] ?? '';
}

function isPartial({ UnprocessedItems = {}, UnprocessedKeys = {} }: Output): boolean {
  return Object.keys(UnprocessedItems).length + Object.keys(UnprocessedKeys).length > 0;
}

function unitsOf({ ConsumedCapacity = [] }: Output): number {
  let units = 0;
  for (const consumed of [ConsumedCapacity].flat())
    if ('CapacityUnits' in consumed && typeof consumed.CapacityUnits === 'number')
      units += consumed.CapacityUnits;
  return units;
}

function outcomeOf(error: unknown): StorageCall['outcome'] {
  switch (error instanceof Error ? error.name : '') {
    case 'ConditionalCheckFailedException':
      return 'refused';
    case 'ProvisionedThroughputExceededException':
    case 'RequestLimitExceeded':
    case 'ThrottlingException':
      return 'throttled';
    default:
      return 'failed';
  }
}

function metadataOf(error: unknown): Metadata {
  return error instanceof Error && '$metadata' in error ? (error.$metadata ?? {}) : {};
}
