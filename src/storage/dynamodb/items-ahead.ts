import type { Item } from './dynamo-tables.js';

interface Batch {
  readonly ids: readonly string[];
  items?: Promise<ReadonlyMap<string, Item>>;
}

/** Reads items in batches, each while those before it are being used: who changes items need not wait for the next ones. */
export class ItemsAhead {
  private readonly batches: Batch[] = [];
  private readonly batchOf = new Map<string, number>();

  /** `ids` are distinct, and in the order in which they will be asked for; so many are read at once. */
  constructor(
    ids: readonly string[],
    size: number,
    private readonly read: (ids: readonly string[]) => Promise<ReadonlyMap<string, Item>>,
  ) {
    for (let start = 0; start < ids.length; start += size) {
      const batch = ids.slice(start, start + size);
      for (const id of batch) this.batchOf.set(id, this.batches.length);
      this.batches.push({ ids: batch });
    }
  }

  /** The item as it was when its batch was read; undefined where there was none. Rejects when that batch could not be read. */
  async get(id: string): Promise<Item | undefined> {
    const index = this.batchOf.get(id) ?? 0;
    const items = this.begin(index);
    // What fails here fails whoever asks for it.
    this.begin(index + 1)?.catch(() => undefined);
    return (await items)?.get(id);
  }

  private begin(index: number): Batch['items'] {
    const batch = this.batches[index];
    if (batch) batch.items ??= this.read(batch.ids);
    return batch?.items;
  }
}
