import type { Employee } from '../domain/employee.js';
import type { TableSynced } from '../events/domain-event-map.js';
import { crashPoint } from '../faults/crash-points.js';
import type { EntityTable } from '../storage/entity.store.js';
import { ChangedKeyCollector } from './changed-keys.js';

/** What writing one table came to. `divisions` are the departments that must be rolled up. */
export interface TableWrite extends Pick<TableSynced, 'count' | 'keys'> {
  readonly divisions: ReadonlySet<string>;
}

/** Changes employees batch by batch, and keeps what the rest of the sync must know of it. */
export class EmployeeWriter {
  private readonly changed = new ChangedKeyCollector();
  private readonly divisions = new Set<string>();
  private count = 0;

  constructor(private readonly employees: EntityTable<Employee>) {}

  /** Changes the named employees as `EmployeeStore.mutate` does. */
  async change(
    ids: readonly string[],
    change: (id: string, current: Employee | undefined) => Employee | undefined,
  ): Promise<void> {
    for (const { id, before, after, changed } of await this.employees.mutate(ids, change)) {
      // Unchanged ones count too: after a crash between the tables, the departments still have to be rolled up.
      for (const employee of [before, after]) {
        if (employee?.attributes.division !== undefined) this.divisions.add(employee.attributes.division);
      }
      if (!changed) continue;
      this.changed.add(id);
      this.count += 1;
    }
    crashPoint('sync.employees_batch');
  }

  /** Counts employees that were deleted after {@link change} had left them. */
  addRemoved(ids: ReadonlySet<string>): void {
    for (const id of ids) this.changed.add(id);
    this.count += ids.size;
  }

  /** What was written so far. */
  get written(): TableWrite {
    return { count: this.count, keys: this.changed.collected, divisions: this.divisions };
  }
}
