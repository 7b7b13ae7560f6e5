import { inChunks } from '../../lib/map-concurrent.js';
import type { Item } from './item-fields.js';

interface Batch {
  readonly ids: readonly string[];
  items?: Promise<ReadonlyMap<string, Item>>;
}

/**
 * Reads items in batches, each batch while the one before it is being used, so that a writer need not wait for reads.
 */
export class Prefetch {
  private readonly batches: readonly Batch[];
  private readonly batchOf = new Map<string, number>();

  /** `ids` are distinct, and in the order of the later calls of {@link get}; `size` of them are one batch. */
  constructor(
    ids: readonly string[],
    size: number,
    private readonly read: (ids: readonly string[]) => Promise<ReadonlyMap<string, Item>>,
  ) {
    this.batches = inChunks(ids, size).map((batch) => ({ ids: batch }));
    for (const [index, batch] of this.batches.entries())
      for (const id of batch.ids) this.batchOf.set(id, index);
  }

  /**
   * The item as it was when its batch was read; undefined where there was none. Rejects when that batch could not be
   * read.
   */
  async get(id: string): Promise<Item | undefined> {
    const index = this.batchOf.get(id) ?? 0;
    const items = this.begin(index);
    // The caller that awaits this batch receives the failure.
    this.begin(index + 1)?.catch(() => undefined);
    return (await items)?.get(id);
  }

  private begin(index: number): Batch['items'] {
    const batch = this.batches[index];
    if (batch) batch.items ??= this.read(batch.ids);
    return batch?.items;
  }
}
