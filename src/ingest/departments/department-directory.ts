import { Inject, Injectable } from '@nestjs/common';
import { departmentIdOf, foldDepartmentName, type Department } from '../../domain/people/department.js';
import { NO_METRICS } from '../../domain/surveys/scores.js';
import { DepartmentStore, type EntityTable } from '../../storage/ports/entity.store.js';

/** Finds departments by name, and creates the rows of those that have none. */
@Injectable()
export class DepartmentDirectory {
  constructor(@Inject(DepartmentStore) private readonly departments: EntityTable<Department>) {}

  /** Every department by folded name; of several rows with one name, the one with the lowest id. Throws StorageError. */
  async byName(): Promise<Map<string, Department>> {
    const known = new Map<string, Department>();
    for (const [name, rows] of await this.rowsByName()) {
      known.set(
        name,
        rows.reduce((a, b) => (b.departmentId < a.departmentId ? b : a)),
      );
    }
    return known;
  }

  /** Every row by folded name: at least one for each name; more where other tools or a crash left them. */
  async rowsByName(): Promise<Map<string, Department[]>> {
    const rows = new Map<string, Department[]>();
    for await (const page of this.departments.scan()) {
      for (const department of page) {
        const name = foldDepartmentName(department.departmentName);
        const others = rows.get(name);
        if (others) others.push(department);
        else rows.set(name, [department]);
      }
    }
    return rows;
  }

  /** Creates the department `dept-<slug>`, or returns the one that another process has just created. */
  async create(name: string): Promise<Department> {
    const folded = foldDepartmentName(name);
    for (let attempt = 1; ; attempt += 1) {
      const id = departmentIdOf(name, attempt);
      const [outcome] = await this.departments.mutate([id], (departmentId, current) =>
        current ? undefined : { departmentId, departmentName: name.trim(), metrics: NO_METRICS },
      );
      const department = outcome?.after;
      if (department && foldDepartmentName(department.departmentName) === folded) return department;
    }
  }
}
