import { PutCommand, QueryCommand, GetCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type { RaisedEvent } from '../../domain/alert.js';
import type { Checkpoint } from '../alert-log.store.js';
import type { DynamoTables, Item } from './dynamo-tables.js';

/** An item holds 400 KB; a part stays well below. */
const PART_BYTES = 300_000;
const MANIFEST = { checkpoint: 'manifest', part: 0 };

/**
 * Checkpoints in DynamoDB. One can be larger than an item, so its parts are written first and become valid with the
 * manifest that names them; the parts of the one before go last.
 */
export class DynamoCheckpoints {
  private readonly table: string;

  constructor(private readonly tables: DynamoTables) {
    this.table = tables.name('Pulsewatch_Checkpoints');
  }

  async save({ head, active }: Checkpoint): Promise<void> {
    const before = await this.manifest();
    if (before !== undefined && before.head >= head) return;
    const parts = split(active).map((events, part) => ({ checkpoint: partition(head), part, events }));
    await this.tables.putAll('Pulsewatch_Checkpoints', parts);
    if (!(await this.publish(head, parts.length)) || before === undefined) return;
    const old = Array.from({ length: before.parts }, (_, part) => ({
      checkpoint: partition(before.head),
      part,
    }));
    await this.tables.deleteAll('Pulsewatch_Checkpoints', old);
  }

  async load(): Promise<Checkpoint | undefined> {
    for (;;) {
      const manifest = await this.manifest();
      if (manifest === undefined) return undefined;
      const parts = await this.readParts(manifest.head);
      // Fewer: a newer one replaced it between the two reads.
      if (parts.length === manifest.parts) return { head: manifest.head, active: parts.flat() };
    }
  }

  private async manifest(): Promise<{ head: number; parts: number } | undefined> {
    const { Item } = await this.tables.attempt('read the checkpoint', () =>
      this.tables.client.send(new GetCommand({ TableName: this.table, Key: MANIFEST, ConsistentRead: true })),
    );
    return Item && { head: Number(Item.head), parts: Number(Item.parts) };
  }

  /** False when a newer checkpoint has been published. */
  private async publish(head: number, parts: number): Promise<boolean> {
    return this.tables.attempt('keep a checkpoint', async () => {
      try {
        await this.tables.client.send(
          new PutCommand({
            TableName: this.table,
            Item: { ...MANIFEST, head, parts },
            ConditionExpression: 'attribute_not_exists(#head) OR #head < :head',
            ExpressionAttributeNames: { '#head': 'head' },
            ExpressionAttributeValues: { ':head': head },
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return false;
        throw error;
      }
    });
  }

  private async readParts(head: number): Promise<RaisedEvent[][]> {
    const parts: RaisedEvent[][] = [];
    let start: QueryCommandInput['ExclusiveStartKey'];
    do {
      const { Items = [], LastEvaluatedKey } = await this.tables.attempt('read the checkpoint', () =>
        this.tables.client.send(
          new QueryCommand({
            TableName: this.table,
            KeyConditionExpression: '#checkpoint = :checkpoint',
            ExpressionAttributeNames: { '#checkpoint': 'checkpoint' },
            ExpressionAttributeValues: { ':checkpoint': partition(head) },
            ConsistentRead: true,
            ...(start === undefined ? {} : { ExclusiveStartKey: start }),
          }),
        ),
      );
      parts.push(...Items.map((item: Item) => JSON.parse(String(item.events)) as RaisedEvent[]));
      start = LastEvaluatedKey;
    } while (start);
    return parts;
  }
}

function partition(head: number): string {
  return `at-${head}`;
}

/** The events as JSON lists of at most {@link PART_BYTES} each. */
function split(events: readonly RaisedEvent[]): string[] {
  const parts: string[] = [];
  let part: string[] = [];
  let bytes = 2;
  for (const event of events) {
    const json = JSON.stringify(event);
    const size = Buffer.byteLength(json) + 1;
    if (part.length > 0 && bytes + size > PART_BYTES) {
      parts.push(`[${part.join(',')}]`);
      part = [];
      bytes = 2;
    }
    part.push(json);
    bytes += size;
  }
  if (part.length > 0) parts.push(`[${part.join(',')}]`);
  return parts;
}
