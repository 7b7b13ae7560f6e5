import { Clock } from '../../../src/lib/clock.js';
import { TrackedEmployees } from '../../../src/ingest/departments/tracked-employees.js';
import {
  ScannedTotals,
  type EmployeeTotals,
  type Names,
} from '../../../src/ingest/departments/department-totals.js';
import { MaterializedTotals } from '../../../src/ingest/departments/materialized-totals.js';
import { PendingDeltas } from '../../../src/ingest/departments/pending-deltas.js';
import type { Employee } from '../../../src/domain/people/employee.js';
import type { DepartmentSums } from '../../../src/domain/people/roll-up.js';
import { InstanceRegistry } from '../../../src/platform/cluster/instance-registry.js';
import { Lifecycle } from '../../../src/platform/lifecycle/lifecycle.js';
import {
  EmployeeStore,
  type ListQuery,
  type Mutation,
  type Page,
  type ScanPage,
  type ScanPart,
} from '../../../src/storage/ports/entity.store.js';
import type { Storage } from '../../../src/storage/ports/storage.js';

/** The employees as one process sees them: with a step that a test may put in, and a count of looks at all of them. */
class WatchedEmployees extends EmployeeStore {
  scans = 0;
  afterWrite: () => Promise<void> = () => Promise.resolve();

  constructor(private readonly store: EmployeeStore) {
    super();
  }

  getMany(ids: readonly string[]): Promise<Map<string, Employee>> {
    return this.store.getMany(ids);
  }

  async mutate(
    ids: readonly string[],
    change: (id: string, current: Employee | undefined) => Employee | undefined,
  ): Promise<Mutation<Employee>[]> {
    const mutations = await this.store.mutate(ids, change);
    await this.afterWrite();
    return mutations;
  }

  scan(): AsyncIterable<readonly Employee[]> {
    this.scans += 1;
    return this.store.scan();
  }

  scanPart(part: ScanPart): AsyncIterable<ScanPage<Employee>> {
    return this.store.scanPart(part);
  }

  list(query: ListQuery<Employee>): Promise<Page<Employee>> {
    return this.store.list(query);
  }

  delete(id: string): Promise<void> {
    return this.store.delete(id);
  }
}

let processes = 0;

/** One process that changes employees and wants to know sums. */
export class TotalsHarness {
  readonly employees: WatchedEmployees;
  readonly counted: TrackedEmployees;
  readonly kept: MaterializedTotals;
  private readonly registry: InstanceRegistry;

  private constructor(private readonly storage: Storage) {
    processes += 1;
    const self = { id: `process-${processes}`, host: `machine-${processes}`, pid: 1 };
    this.registry = new InstanceRegistry(storage.instances, new Clock(), self);
    this.employees = new WatchedEmployees(storage.employees);
    const counts = new PendingDeltas(storage.departmentTotals, this.registry);
    this.counted = new TrackedEmployees(this.employees, counts);
    this.kept = new MaterializedTotals(
      this.employees,
      storage.departmentTotals,
      counts,
      this.registry,
      new Lifecycle(),
    );
  }

  static async start(storage: Storage): Promise<TotalsHarness> {
    const room = new TotalsHarness(storage);
    await room.registry.onModuleInit();
    return room;
  }

  /** Is not there any more, whatever it was about to do. */
  vanish(): Promise<void> {
    return this.registry.onApplicationShutdown();
  }

  /** The sums as they are kept. */
  sums(names: Names = 'all'): Promise<Record<string, DepartmentSums>> {
    return sumsOf(this.kept, names);
  }

  /** What they should be. */
  truth(names: Names = 'all'): Promise<Record<string, DepartmentSums>> {
    return sumsOf(new ScannedTotals(this.storage.employees, new Lifecycle()), names);
  }
}

/** Sums by folded names, in their order. */
export async function sumsOf(sums: EmployeeTotals, names: Names): Promise<Record<string, DepartmentSums>> {
  const found = [...(await sums.of(names))].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(found.map(([folded, { rollUp }]) => [folded, rollUp.sums]));
}
