import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { MaterializedTotals } from '../departments/materialized-totals.js';
import { DomainEvents } from '../../platform/events/domain-events.js';
import type { TablesEdited } from '../../platform/events/event-map.js';
import { crashPoint } from '../../lib/failpoints.js';
import { DepartmentDirectory } from '../departments/department-directory.js';
import { DepartmentRollUp } from '../departments/department-roll-up.js';

/**
 * Has what other tools edited count as if a sync had written it: the employees are evaluated, the departments that they
 * were and are in are rolled up, and the departments are evaluated. Repeating it is harmless, and is up to who tells of
 * the edits: it stands in no journal.
 */
@Injectable()
export class EditedTables implements OnModuleInit {
  private readonly logger = new Logger(EditedTables.name);

  constructor(
    private readonly events: DomainEvents,
    private readonly sums: MaterializedTotals,
    private readonly rollUp: DepartmentRollUp,
    private readonly directory: DepartmentDirectory,
  ) {}

  onModuleInit(): void {
    this.events.listen('tables.edited', (edited) => this.follow(edited));
  }

  private async follow({ syncId, employees, departments, divisions }: TablesEdited): Promise<void> {
    this.logger.log(
      { syncId, employees: employees.length, departments: departments.length, divisions: divisions.size },
      'Other tools have edited the tables',
    );
    if (employees.length > 0) {
      const count = employees.length;
      await this.events.publish('employees.synced', { syncId, table: 'Employees', count, keys: employees });
    }
    const keys = new Set(departments);
    if (divisions.size > 0) {
      // One look at all employees, however many departments are in doubt.
      await this.sums.doubt(divisions);
      for (const id of await this.rollUp.refresh(new Set(divisions.values()))) keys.add(id);
      crashPoint('edits.rolled_up');
      // Also those that an attempt before has rolled up, and not evaluated.
      for (const [folded, { departmentId }] of await this.directory.byName())
        if (divisions.has(folded)) keys.add(departmentId);
    }
    if (keys.size === 0) return;
    const announced = { syncId, table: 'Departments', count: keys.size, keys: [...keys] } as const;
    await this.events.publish('departments.synced', announced);
  }
}
