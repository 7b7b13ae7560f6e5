import { isDeepStrictEqual } from 'node:util';
import { countedOf } from '../departments/department-totals.js';
import { MAX_CHANGED_KEYS } from '../../platform/events/event-map.js';
import type { TableChange, ChangeBatch } from '../../storage/ports/change-stream.js';

/** What is to be evaluated and rolled up because of changes: a set, for doing it once is as good as for each change. */
export class EditWork {
  readonly employees = new Set<string>();
  readonly departments = new Set<string>();
  /** The departments whose employees are others or have other scores, by folded name and name. */
  readonly divisions = new Map<string, string>();
  /** Everything, since nobody knows what; or since looking at everything is less work. */
  isAll = false;

  get isEmpty(): boolean {
    return !this.isAll && this.employees.size + this.departments.size + this.divisions.size === 0;
  }

  /** Adds an entity, if the change is one that a rule can care for. */
  addEntity({ table, id, before, after }: TableChange): void {
    // A name or a place decides nothing.
    if (table === 'Employees' && before && after && isDeepStrictEqual(before.metrics, after.metrics)) return;
    const keys = table === 'Employees' ? this.employees : this.departments;
    keys.add(id);
    this.bound();
  }

  /** Adds the departments whose sums the change changes. */
  addDivisions(change: TableChange): void {
    // Rolling up would undo an edit of a department.
    if (change.table !== 'Employees') return;
    for (const { folded, name } of countedOf(change.before, change.after)) this.divisions.set(folded, name);
    this.bound();
  }

  merge(other: EditWork): void {
    for (const id of other.employees) this.employees.add(id);
    for (const id of other.departments) this.departments.add(id);
    for (const [folded, name] of other.divisions) this.divisions.set(folded, name);
    this.isAll ||= other.isAll;
    this.bound();
  }

  private bound(): void {
    const { employees, departments, divisions } = this;
    if (employees.size + departments.size + divisions.size > MAX_CHANGED_KEYS) this.isAll = true;
    if (this.isAll) for (const names of [employees, departments, divisions]) names.clear();
  }
}

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
