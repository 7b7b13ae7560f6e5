import type { ChangeBatch } from '../storage/ports/change-stream.js';
import { EditWork } from '../ingest/change-stream/pending-changes.js';

/** Work that must not be done before some syncs are over. */
interface Waiting {
  readonly work: EditWork;
  /** Those that were under way when it came and are not over yet. */
  awaits: ReadonlySet<string>;
}

/**
 * What changes ask for. Evaluating what another tool has changed for sure can be done at once. The rest waits for the
 * syncs that are under way: what may be a sync's own change is evaluated by that sync, in its order; and nobody is to be
 * told of departments that are half imported.
 */
export class PendingEdits {
  private urgent = new EditWork();
  private later = new EditWork();
  private waiting: Waiting[] = [];

  get isEmpty(): boolean {
    return this.urgent.isEmpty && this.later.isEmpty && this.waiting.length === 0;
  }

  /** Whether {@link takeDue} is to be asked. */
  get isWaiting(): boolean {
    return !this.later.isEmpty || this.waiting.length > 0;
  }

  add({ changes, isGap }: ChangeBatch): void {
    for (const change of changes) {
      if (change.origin === 'own') continue;
      const work = change.origin === 'other' ? this.urgent : this.later;
      work.addEntity(change);
      this.later.addDivisions(change);
    }
    if (isGap) this.later.isAll = true;
  }

  /** What can be done at once. */
  takeUrgent(): EditWork {
    const work = this.urgent;
    this.urgent = new EditWork();
    return work;
  }

  /**
   * What need not wait any more. `underWay`: the syncs that are, as read after the changes were: one that made a change
   * stands among them, or is over.
   */
  takeDue(underWay: ReadonlySet<string>): EditWork {
    if (!this.later.isEmpty) {
      this.waiting.push({ work: this.later, awaits: underWay });
      this.later = new EditWork();
    }
    const due = new EditWork();
    const left: Waiting[] = [];
    for (const { work, awaits } of this.waiting) {
      const still = new Set([...awaits].filter((sync) => underWay.has(sync)));
      if (still.size === 0) due.merge(work);
      else left.push({ work, awaits: still });
    }
    this.waiting = left;
    return due;
  }
}
