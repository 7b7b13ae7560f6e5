import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { StateEvent } from '../../domain/alerts/log-event.js';
import type { Checkpoint } from '../ports/alert-log.store.js';
import { rewriteActive, type EventChange } from '../ports/event-rewrite.js';
import { StorageError } from '../ports/storage-error.js';
import type { DynamoTables, TableQuery } from './dynamo-tables.js';
import type { Item } from './item-fields.js';
import { rewriteItem } from './rewrite-item.js';

/** An item holds 400 KB; a part stays well below. */
const PART_BYTES = 300_000;
/** Items read by one call of a rewrite: DynamoDB returns 1 MB at most. */
const REWRITE_BATCH = 4;
const MANIFEST = { checkpoint: 'manifest', part: 0 };
/**
 * The partition that lists every head of which parts may exist, so that the parts a crash left can be found and
 * removed.
 */
const BEGUN = 'begun';
/** A newer checkpoint at each of this many attempts to read one is a fault, not a race. */
const MAX_READS = 10;

interface Manifest {
  readonly head: number;
  readonly parts: number;
}

/**
 * Checkpoints in DynamoDB. A checkpoint can be larger than an item, so its parts are written first and become valid
 * with the manifest that names them; the parts of the checkpoint before are removed last.
 */
export class DynamoCheckpoints {
  private readonly table: string;

  constructor(private readonly tables: DynamoTables) {
    this.table = tables.name('Pulsewatch_Checkpoints');
  }

  async save({ head, active }: Checkpoint): Promise<void> {
    const before = await this.manifest();
    if (before !== undefined && before.head >= head) return;
    const events = split(active);
    await this.tables.putAll('Pulsewatch_Checkpoints', [
      { checkpoint: BEGUN, part: head, parts: events.length },
    ]);
    const parts = events.map((text, part) => ({ checkpoint: partition(head), part, events: text }));
    await this.tables.putAll('Pulsewatch_Checkpoints', parts);
    const newest = await this.publish({ head, parts: events.length });
    // A process that saved a newer checkpoint meanwhile has not seen all parts of this one.
    const tooLate = newest === head ? [] : [{ head, parts: events.length }];
    const replaced = (await this.begunBefore(newest)).filter((begun) => begun.head !== head);
    await this.remove([...replaced, ...tooLate]);
  }

  async load(): Promise<Checkpoint | undefined> {
    for (let read = 0; read < MAX_READS; read += 1) {
      const manifest = await this.manifest();
      if (manifest === undefined) return undefined;
      const parts = await this.readParts(manifest.head);
      // Fewer parts: a newer checkpoint replaced this one between the two reads.
      if (parts.length === manifest.parts) return { head: manifest.head, active: parts.flat() };
    }
    throw new StorageError('read the checkpoint', new Error('Parts of it are missing'));
  }

  /** Changes the events of every part of every checkpoint. */
  async rewrite(change: EventChange): Promise<void> {
    for await (const items of this.tables.scan('Pulsewatch_Checkpoints', REWRITE_BATCH)) {
      for (const { checkpoint, part, events } of items) {
        if (typeof events !== 'string') continue;
        if (rewriteActive(JSON.parse(events) as StateEvent[], change).changed === 0) continue;
        await rewriteItem<StateEvent>(this.tables, 'Pulsewatch_Checkpoints', { checkpoint, part }, (stored) =>
          rewriteActive(stored, change),
        );
      }
    }
  }

  private async manifest(): Promise<Manifest | undefined> {
    const { Item } = await this.tables.attempt('read the checkpoint', () =>
      this.tables.client.send(new GetCommand({ TableName: this.table, Key: MANIFEST, ConsistentRead: true })),
    );
    return Item && toManifest(Item);
  }

  /** Puts the manifest unless a newer one is stored; resolves to the head of the stored one. */
  private publish(manifest: Manifest): Promise<number> {
    return this.tables.attempt('write a checkpoint', async () => {
      try {
        await this.tables.client.send(
          new PutCommand({
            TableName: this.table,
            Item: { ...MANIFEST, ...manifest },
            ConditionExpression: 'attribute_not_exists(#head) OR #head < :head',
            ExpressionAttributeNames: { '#head': 'head' },
            ExpressionAttributeValues: { ':head': manifest.head },
          }),
        );
        return manifest.head;
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        // With the same head it is the same checkpoint: of another instance, or of this put, resent by the SDK.
        return (await this.manifest())?.head ?? manifest.head;
      }
    });
  }

  /** The checkpoints older than `head` of which parts may exist. */
  private async begunBefore(head: number): Promise<Manifest[]> {
    const items = await this.query({
      KeyConditionExpression: '#checkpoint = :begun AND #part < :head',
      ExpressionAttributeNames: { '#checkpoint': 'checkpoint', '#part': 'part' },
      ExpressionAttributeValues: { ':begun': BEGUN, ':head': head },
    });
    return items.map(({ part, parts }) => ({ head: Number(part), parts: Number(parts) }));
  }

  private async remove(checkpoints: readonly Manifest[]): Promise<void> {
    const parts = checkpoints.flatMap(({ head, parts }) =>
      Array.from({ length: parts }, (_, part) => ({ checkpoint: partition(head), part })),
    );
    await this.tables.deleteAll('Pulsewatch_Checkpoints', parts);
    const marks = checkpoints.map(({ head }) => ({ checkpoint: BEGUN, part: head }));
    await this.tables.deleteAll('Pulsewatch_Checkpoints', marks);
  }

  private async readParts(head: number): Promise<StateEvent[][]> {
    const items = await this.query({
      KeyConditionExpression: '#checkpoint = :checkpoint',
      ExpressionAttributeNames: { '#checkpoint': 'checkpoint' },
      ExpressionAttributeValues: { ':checkpoint': partition(head) },
    });
    return items.map((item) => JSON.parse(String(item.events)) as StateEvent[]);
  }

  /** The items of a query over all its pages; strongly consistent. */
  private async query(query: TableQuery): Promise<Item[]> {
    const items: Item[] = [];
    for await (const page of this.tables.queryPages('Pulsewatch_Checkpoints', query)) items.push(...page);
    return items;
  }
}

function toManifest(item: Item): Manifest {
  return { head: Number(item.head), parts: Number(item.parts) };
}

function partition(head: number): string {
  return `at-${head}`;
}

/** The events as JSON lists of at most {@link PART_BYTES} each. */
function split(events: readonly StateEvent[]): string[] {
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
