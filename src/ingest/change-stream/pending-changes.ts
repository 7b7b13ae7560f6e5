import { isDeepStrictEqual } from 'node:util';
import { countedOf } from '../../department-sums/employee-change.js';
import { MAX_CHANGED_KEYS } from '../../platform/events/event-map.js';
import type { TableChange } from '../../storage/ports/change-stream.js';

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
