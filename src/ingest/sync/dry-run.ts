import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../lib/clock.js';
import { Config } from '../../config/config.js';
import type { ChangedKeys, ImportPreviewed, ImportReady } from '../../platform/events/event-map.js';
import { DomainEvents } from '../../platform/events/domain-events.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { MaterializedTotals } from '../departments/materialized-totals.js';
import { OverlayTotals } from '../departments/overlay-totals.js';
import { DepartmentStore, EmployeeStore } from '../../storage/ports/entity.store.js';
import { SurveyResponseStore } from '../../storage/ports/survey-response.store.js';
import { allKeys } from './employee-writer.js';
import { DepartmentDirectory } from '../departments/department-directory.js';
import { DepartmentRollUp } from '../departments/department-roll-up.js';
import { RosterImport } from './roster-import.js';
import { SurveyImport } from './survey-import.js';
import { wouldBeDepartments, wouldBeEmployees, type OverlayTables } from './overlay-table.js';

/**
 * Imports a file into tables that only seem to be, by the code that imports into the real ones, and has those judged:
 * what an import would raise and clear is not estimated. Nothing is written.
 */
@Injectable()
export class DryRun implements OnModuleInit {
  constructor(
    private readonly events: DomainEvents,
    @Inject(SurveyResponseStore) private readonly responses: SurveyResponseStore,
    @Inject(EmployeeStore) private readonly employees: EmployeeStore,
    @Inject(DepartmentStore) private readonly departments: DepartmentStore,
    private readonly sums: MaterializedTotals,
    private readonly clock: Clock,
    private readonly lifecycle: Lifecycle,
    private readonly config: Config,
  ) {}

  onModuleInit(): void {
    this.events.listen('import.previewed', (wanted) => this.preview(wanted));
  }

  private async preview({ ready, decided }: ImportPreviewed): Promise<void> {
    const sums = new OverlayTotals(this.sums, wouldBeEmployees(this.employees), this.lifecycle);
    const tables = { employees: sums.employees, departments: wouldBeDepartments(this.departments) };
    const changed = await this.change(ready, tables, sums);
    await this.events.publish('tables.previewed', {
      employees: { table: tables.employees, keys: changed.employees },
      departments: { table: tables.departments, keys: changed.departments },
      decided,
    });
  }

  /** The same steps, in the same order, as SyncService takes. Answers what they change. */
  private async change(
    ready: ImportReady,
    { employees, departments }: OverlayTables,
    sums: OverlayTotals,
  ): Promise<Readonly<Record<'employees' | 'departments', ChangedKeys>>> {
    const { clock, lifecycle, config } = this;
    const directory = new DepartmentDirectory(departments);
    const rosters = new RosterImport(employees, departments, directory, clock, lifecycle);
    const rollUp = new DepartmentRollUp(sums, departments, directory, clock, lifecycle, config);
    const write = () => {
      switch (ready.kind) {
        case 'survey':
          return new SurveyImport(this.responses, employees, clock, config).writeEmployees(ready);
        case 'employees':
          return rosters.writeEmployees(ready.batches());
        case 'departments':
          return rosters.writeDepartments(ready.batches());
      }
    };
    const { keys, divisions } = await write();
    const rolledUp = await rollUp.refresh(divisions);
    return ready.kind === 'departments'
      ? { employees: [], departments: allKeys(keys, rolledUp) }
      : { employees: keys, departments: rolledUp };
  }
}
