import { merge } from '../lib/async-iterables.js';
import type { PartProgress } from '../domain/alerts/evaluation-pass.js';
import type { TableView } from '../platform/events/event-map.js';
import type { EntityStore } from '../storage/ports/entity.store.js';

/** A look at a whole table, its parts side by side, that tells how far it has come and can go on from there. */
export class ResumableScan<T> implements TableView<T> {
  private readonly parts: PartProgress[];

  constructor(
    private readonly table: Pick<EntityStore<T>, 'getMany' | 'scanPart'>,
    parts: readonly PartProgress[],
    private readonly onPage: (page: readonly T[]) => void = () => undefined,
  ) {
    this.parts = [...parts];
  }

  /** What was handed out so far. */
  get progress(): readonly PartProgress[] {
    return [...this.parts];
  }

  getMany(ids: readonly string[]): Promise<Map<string, T>> {
    return this.table.getMany(ids);
  }

  async *scan(): AsyncIterable<readonly T[]> {
    const open = this.parts.flatMap(({ after, isDone }, index) => (isDone ? [] : [this.pages(index, after)]));
    for await (const { index, items, next } of merge(open)) {
      this.parts[index] = next === undefined ? { isDone: true } : { after: next, isDone: false };
      if (items.length === 0) continue;
      this.onPage(items);
      yield items;
    }
  }

  private async *pages(index: number, after: string | undefined) {
    const part = { index, of: this.parts.length, ...(after === undefined ? {} : { after }) };
    let isAtEnd = false;
    for await (const page of this.table.scanPart(part)) {
      isAtEnd = page.next === undefined;
      yield { index, ...page };
    }
    if (!isAtEnd) yield { index, items: [], next: undefined };
  }
}
