import { pipelined } from '../../lib/async-iterables.js';
import type { Employee } from '../../domain/people/employee.js';
import { type TableSynced, MAX_CHANGED_KEYS, type ChangedKeys } from '../../platform/events/event-map.js';
import { failpoint } from '../../lib/failpoints.js';
import type { EntityTable, Mutation } from '../../storage/ports/entity.store.js';

/** Collects the keys that a sync changed, up to {@link MAX_CHANGED_KEYS}. */
export class ChangedKeyCollector {
  private readonly keys = new Set<string>();
  private overflowed = false;

  add(key: string): void {
    if (this.keys.size < MAX_CHANGED_KEYS) this.keys.add(key);
    else if (!this.keys.has(key)) this.overflowed = true;
  }

  /** The keys so far. */
  get collected(): ChangedKeys {
    return this.overflowed ? 'many' : [...this.keys];
  }
}

/** The keys of both. */
export function allKeys(some: ChangedKeys, others: ChangedKeys): ChangedKeys {
  return some === 'many' || others === 'many' ? 'many' : [...new Set([...some, ...others])];
}

/** The result of writing one table. `divisions` are the departments that must be rolled up. */
export interface TableWrite extends Pick<TableSynced, 'count' | 'keys'> {
  readonly divisions: ReadonlySet<string>;
}

/** Changes employees batch by batch, and collects what the rest of the sync needs. */
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
    this.record(await this.employees.mutate(ids, change));
  }

  /**
   * Changes employees by the data of each batch, keyed by employee id. An employee is changed in the order of the batches;
   * batches without a common employee are written concurrently.
   */
  async changeInOrder<Row>(
    batches: AsyncIterable<ReadonlyMap<string, Row>>,
    change: (id: string, current: Employee | undefined, row: Row) => Employee | undefined,
  ): Promise<void> {
    let recorded = Promise.resolve();
    const changeBatch = async (batch: ReadonlyMap<string, Row>, before: Promise<void>): Promise<void> => {
      const mutations = await this.employees.mutate([...batch.keys()], (id, current) => {
        const row = batch.get(id);
        return row === undefined ? undefined : change(id, current, row);
      });
      // Keys stand in the order of the file, and alerts are raised in the order of the keys.
      await before;
      this.record(mutations);
    };
    await pipelined(batches, (batch) => (recorded = changeBatch(batch, recorded)), sharesKey);
  }

  /** Counts employees that were deleted after {@link change} had left them. */
  addRemoved(ids: ReadonlySet<string>): void {
    for (const id of ids) this.changed.add(id);
    this.count += ids.size;
  }

  /** The result so far. */
  get written(): TableWrite {
    return { count: this.count, keys: this.changed.collected, divisions: this.divisions };
  }

  private record(mutations: readonly Mutation<Employee>[]): void {
    for (const { id, before, after, changed } of mutations) {
      // Unchanged ones count too: after a crash between the tables, the departments still have to be rolled up.
      for (const employee of [before, after]) {
        if (employee?.attributes.division !== undefined) this.divisions.add(employee.attributes.division);
      }
      if (!changed) continue;
      this.changed.add(id);
      this.count += 1;
    }
    failpoint('sync.employees_batch');
  }
}

function sharesKey(batch: ReadonlyMap<string, unknown>, before: ReadonlyMap<string, unknown>): boolean {
  for (const key of batch.keys()) if (before.has(key)) return true;
  return false;
}
