import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../lib/clock.js';
import { TrackedEmployees } from '../departments/tracked-employees.js';
import { foldDepartmentName, type Department } from '../../domain/people/department.js';
import {
  applyRoster,
  type Employee,
  type RosterAttributes,
  type DepartmentRow,
  type RosterRow,
} from '../../domain/people/employee.js';
import { NO_METRICS } from '../../domain/surveys/scores.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { DepartmentStore, type EntityTable } from '../../storage/ports/entity.store.js';
import { ChangedKeyCollector, EmployeeWriter, type TableWrite } from './employee-writer.js';
import { DepartmentDirectory } from '../departments/department-directory.js';

/** Writes rosters of employees and of departments. */
@Injectable()
export class RosterImport {
  constructor(
    @Inject(TrackedEmployees) private readonly employees: EntityTable<Employee>,
    @Inject(DepartmentStore) private readonly departments: EntityTable<Department>,
    private readonly directory: DepartmentDirectory,
    private readonly clock: Clock,
    private readonly lifecycle: Lifecycle,
  ) {}

  /** Gives employees what the roster says of them; their metrics stay. */
  async writeEmployees(batches: AsyncIterable<readonly RosterRow[]>): Promise<TableWrite> {
    const writer = new EmployeeWriter(this.employees);
    const now = this.clock.iso();
    await writer.changeInOrder(attributesOf(batches), (id, current, given) =>
      applyRoster(current, id, given, now),
    );
    return writer.written;
  }

  /**
   * Gives departments their ids and names. A department known under another id, as one that a survey created, moves
   * to the id of the roster with its metrics: one department, never two, also after a crash amid the move. The end of a
   * stop's grace breaks it off.
   */
  async writeDepartments(batches: AsyncIterable<readonly DepartmentRow[]>): Promise<TableWrite> {
    const changed = new ChangedKeyCollector();
    const divisions = new Set<string>();
    const known = await this.directory.bearersOf();
    let count = 0;
    for await (const batch of batches) {
      for (const row of batch) {
        this.lifecycle.halting.throwIfAborted();
        const touched = await this.placeDepartment(row, known, divisions);
        for (const departmentId of touched) changed.add(departmentId);
        if (touched.length > 0) count += 1;
      }
    }
    return { count, keys: changed.collected, divisions };
  }

  /** The ids of the rows it changed or deleted: the alerts of either may have ended. */
  private async placeDepartment(
    { departmentId, departmentName }: DepartmentRow,
    known: Map<string, Department[]>,
    divisions: Set<string>,
  ): Promise<readonly string[]> {
    const folded = foldDepartmentName(departmentName);
    const namesakes = (known.get(folded) ?? []).filter((other) => other.departmentId !== departmentId);
    const [outcome] = await this.departments.mutate([departmentId], (id, current) => {
      if (current)
        return current.departmentName === departmentName ? undefined : { ...current, departmentName };
      return { ...(namesakes[0] ?? { metrics: NO_METRICS }), departmentId: id, departmentName };
    });
    for (const namesake of namesakes) await this.departments.delete(namesake.departmentId);
    divisions.add(departmentName);
    if (outcome?.before) {
      // Who is still in a department of the old name is in one.
      divisions.add(outcome.before.departmentName);
      const oldName = foldDepartmentName(outcome.before.departmentName);
      // Who takes this name next must not take this department for its bearer.
      known.set(oldName, known.get(oldName)?.filter((other) => other.departmentId !== departmentId) ?? []);
    }
    if (outcome?.after) known.set(folded, [outcome.after]);
    const deleted = namesakes.map((namesake) => namesake.departmentId);
    return outcome?.changed || deleted.length > 0 ? [departmentId, ...deleted] : [];
  }
}

/** What each batch says of its employees. */
async function* attributesOf(
  batches: AsyncIterable<readonly RosterRow[]>,
): AsyncIterable<Map<string, RosterAttributes>> {
  for await (const batch of batches) yield new Map(batch.map((row) => [row.employeeId, row.attributes]));
}
