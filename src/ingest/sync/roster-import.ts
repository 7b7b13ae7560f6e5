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

  /** Sets the roster attributes of employees; their metrics stay. Throws StorageError. */
  async writeEmployees(batches: AsyncIterable<readonly RosterRow[]>): Promise<TableWrite> {
    const writer = new EmployeeWriter(this.employees);
    const now = this.clock.iso();
    await writer.changeInOrder(attributesOf(batches), (id, current, attributes) =>
      applyRoster(current, id, attributes, now),
    );
    return writer.written;
  }

  /**
   * Sets the ids and names of departments. A department with another id, such as one that a survey created, moves to the
   * id of the roster with its metrics: there is one department, never two, also after a crash amid the move. Throws
   * StorageError, and an abort when a stop's grace ends.
   */
  async writeDepartments(batches: AsyncIterable<readonly DepartmentRow[]>): Promise<TableWrite> {
    const changed = new ChangedKeyCollector();
    const divisions = new Set<string>();
    const known = await this.directory.rowsByName();
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

  /** Returns the ids of the rows it changed or deleted: the alerts of either may have to clear. */
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
      // Employees may still name the department by its old name.
      divisions.add(outcome.before.departmentName);
      const oldName = foldDepartmentName(outcome.before.departmentName);
      // A later row with the old name must not move this department.
      known.set(oldName, known.get(oldName)?.filter((other) => other.departmentId !== departmentId) ?? []);
    }
    if (outcome?.after) known.set(folded, [outcome.after]);
    const deleted = namesakes.map((namesake) => namesake.departmentId);
    return outcome?.changed || deleted.length > 0 ? [departmentId, ...deleted] : [];
  }
}

/** The roster attributes of each batch, by employee id. */
async function* attributesOf(
  batches: AsyncIterable<readonly RosterRow[]>,
): AsyncIterable<Map<string, RosterAttributes>> {
  for await (const batch of batches) yield new Map(batch.map((row) => [row.employeeId, row.attributes]));
}
