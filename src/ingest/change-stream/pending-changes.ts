import { isDeepStrictEqual } from 'node:util';
import { deltasOf } from '../departments/department-totals.js';
import { MAX_CHANGED_KEYS } from '../../platform/events/event-map.js';
import type { TableChange, ChangeBatch } from '../../storage/ports/change-stream.js';

/** What must be evaluated and rolled up after changes: sets, since once is enough for any number of changes. */
export class EditWork {
  readonly employees = new Set<string>();
  readonly departments = new Set<string>();
  /** The departments whose employees or their scores changed, by folded name: the name. */
  readonly divisions = new Map<string, string>();
  /** Everything: the stream has a gap, or there are too many changes to name. */
  isAll = false;

  get isEmpty(): boolean {
    return !this.isAll && this.employees.size + this.departments.size + this.divisions.size === 0;
  }

  /** Adds the entity of a change that can change the decision of a rule. */
  addEntity({ table, id, before, after }: TableChange): void {
    // No rule depends on attributes.
    if (table === 'Employees' && before && after && isDeepStrictEqual(before.metrics, after.metrics)) return;
    const keys = table === 'Employees' ? this.employees : this.departments;
    keys.add(id);
    this.bound();
  }

  /** Adds the departments whose totals change. */
  addDivisions(change: TableChange): void {
    // Rolling up would undo an edit of a department.
    if (change.table !== 'Employees') return;
    for (const { folded, name } of deltasOf(change.before, change.after)) this.divisions.set(folded, name);
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

/** Work that waits for the end of some syncs. */
interface DeferredWork {
  readonly work: EditWork;
  /** The syncs that were under way when the work was deferred, and have not ended. */
  awaits: ReadonlySet<string>;
}

/**
 * The work that changes require. What another tool has certainly changed is evaluated at once. The rest waits for the
 * syncs that are under way: a sync evaluates its own changes, in its order, and no alert may be raised for a department
 * that is half imported.
 */
export class PendingEdits {
  private urgent = new EditWork();
  private later = new EditWork();
  private waiting: DeferredWork[] = [];

  get isEmpty(): boolean {
    return this.urgent.isEmpty && this.later.isEmpty && this.waiting.length === 0;
  }

  /** Whether {@link takeDue} may have work. */
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

  /** Takes the work that need not wait. */
  takeUrgent(): EditWork {
    const work = this.urgent;
    this.urgent = new EditWork();
    return work;
  }

  /**
   * Takes the work that need not wait any longer. `underWay`: the syncs in the journal, read after the changes: a sync that
   * made one of them is included, or has ended.
   */
  takeDue(underWay: ReadonlySet<string>): EditWork {
    if (!this.later.isEmpty) {
      this.waiting.push({ work: this.later, awaits: underWay });
      this.later = new EditWork();
    }
    const due = new EditWork();
    const left: DeferredWork[] = [];
    for (const { work, awaits } of this.waiting) {
      const still = new Set([...awaits].filter((sync) => underWay.has(sync)));
      if (still.size === 0) due.merge(work);
      else left.push({ work, awaits: still });
    }
    this.waiting = left;
    return due;
  }
}
