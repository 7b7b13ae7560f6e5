import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { MaterializedTotals } from '../departments/materialized-totals.js';
import { DomainEvents } from '../../platform/events/domain-events.js';
import type { TablesEdited } from '../../platform/events/event-map.js';
import { failpoint } from '../../lib/failpoints.js';
import { DepartmentDirectory } from '../departments/department-directory.js';
import { DepartmentRollUp } from '../departments/department-roll-up.js';

/**
 * Handles edits of other tools as if a sync had written them: evaluates the employees, rolls up the departments that they
 * were and are in, and evaluates the departments. Repeating it is harmless. It has no entry in the journal: the change
 * stream repeats edits that were not handled.
 */
@Injectable()
export class EditedTables implements OnModuleInit {
  private readonly logger = new Logger(EditedTables.name);

  constructor(
    private readonly events: DomainEvents,
    private readonly totals: MaterializedTotals,
    private readonly rollUp: DepartmentRollUp,
    private readonly directory: DepartmentDirectory,
  ) {}

  onModuleInit(): void {
    this.events.listen('tables.edited', (edited) => this.handle(edited));
  }

  private async handle({ syncId, employees, departments, divisions }: TablesEdited): Promise<void> {
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
      // One scan of all employees, however many departments are invalid.
      await this.totals.invalidate(divisions);
      for (const id of await this.rollUp.refresh(new Set(divisions.values()))) keys.add(id);
      failpoint('edits.rolled_up');
      // Includes departments that an earlier attempt rolled up but did not evaluate.
      for (const [folded, { departmentId }] of await this.directory.byName())
        if (divisions.has(folded)) keys.add(departmentId);
    }
    if (keys.size === 0) return;
    const announced = { syncId, table: 'Departments', count: keys.size, keys: [...keys] } as const;
    await this.events.publish('departments.synced', announced);
  }
}
