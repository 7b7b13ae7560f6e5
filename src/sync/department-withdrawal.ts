import { Inject, Injectable } from '@nestjs/common';
import { foldDepartmentName } from '../domain/department-name.js';
import { DomainEvents } from '../platform/events/domain-events.js';
import { DepartmentStore } from '../storage/department.store.js';

/** A department of which nobody is measured any more has no risk; tells so of those that may have lost theirs. */
@Injectable()
export class DepartmentWithdrawal {
  constructor(
    @Inject(DepartmentStore) private readonly departments: DepartmentStore,
    private readonly events: DomainEvents,
  ) {}

  /** To be run once the named departments, or all, are rolled up after measurements were removed. */
  async run(syncId: string, names: ReadonlySet<string> | 'all'): Promise<void> {
    const folded = names === 'all' ? names : new Set([...names].map(foldDepartmentName));
    const keys: string[] = [];
    for await (const page of this.departments.scan()) {
      for (const { departmentId, departmentName, overallRisk } of page) {
        if (overallRisk !== undefined) continue;
        if (folded === 'all' || folded.has(foldDepartmentName(departmentName))) keys.push(departmentId);
      }
    }
    if (keys.length > 0)
      await this.events.publish('measurements.withdrawn', { syncId, table: 'Departments', keys });
  }
}
