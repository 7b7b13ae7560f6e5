import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../lib/clock.js';
import { Config } from '../../config/config.js';
import { AlertPreviewTally, type AlertPreview } from '../../domain/alerts/alert-preview.js';
import type { ChangedKeys, TableSynced } from '../../platform/events/event-map.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { DepartmentStore, EmployeeStore } from '../../storage/ports/entity.store.js';
import { SurveyResponseStore } from '../../storage/ports/survey-response.store.js';
import type { ImportReady } from '../csv/import-ready.js';
import { DepartmentDirectory } from '../departments/department-directory.js';
import { DepartmentRollUp } from '../departments/department-roll-up.js';
import { MaterializedTotals } from '../departments/materialized-totals.js';
import { OverlayTotals } from '../departments/overlay-totals.js';
import { importRows } from './import-rows.js';
import { OverlayEvaluator } from './overlay-evaluator.js';
import { overlayDepartments, overlayEmployees } from './overlay-table.js';
import { RosterImport } from './roster-import.js';
import { SurveyImport } from './survey-import.js';
import { TableSteps } from './table-announcer.js';

/**
 * Imports a file into overlays of the tables, through the code that imports into the real ones, and evaluates the
 * overlays: the result is computed, not estimated. Writes nothing.
 */
@Injectable()
export class DryRun {
  constructor(
    private readonly evaluator: OverlayEvaluator,
    @Inject(SurveyResponseStore) private readonly responses: SurveyResponseStore,
    @Inject(EmployeeStore) private readonly employees: EmployeeStore,
    @Inject(DepartmentStore) private readonly departments: DepartmentStore,
    private readonly totals: MaterializedTotals,
    private readonly clock: Clock,
    private readonly lifecycle: Lifecycle,
    private readonly config: Config,
  ) {}

  /** The alerts that importing the file would raise and clear. Throws StorageError, and an abort when a stop's grace ends. */
  async preview(ready: ImportReady): Promise<AlertPreview> {
    const { clock, lifecycle, config } = this;
    const totals = new OverlayTotals(this.totals, overlayEmployees(this.employees), lifecycle);
    const { employees } = totals;
    const departments = overlayDepartments(this.departments);
    const directory = new DepartmentDirectory(departments);
    const rollUp = new DepartmentRollUp(totals, departments, directory, clock, lifecycle, config);
    const changed = new KeyRecorder(rollUp);
    const writers = {
      surveys: new SurveyImport(this.responses, employees, clock, config),
      rosters: new RosterImport(employees, departments, directory, clock, lifecycle),
      tables: changed,
      writesResponses: false,
    };
    await importRows(writers, ready, false);
    const tally = new AlertPreviewTally();
    const evaluated = this.evaluator.evaluate({
      employees: { table: employees, keys: changed.keysOf('Employees') },
      departments: { table: departments, keys: changed.keysOf('Departments') },
    });
    for await (const decisions of evaluated) tally.add(decisions);
    return tally.preview;
  }
}

/** Keeps the keys that a sync would announce. */
class KeyRecorder extends TableSteps {
  private readonly keys = new Map<TableSynced['table'], ChangedKeys>();

  announce(_syncId: string, table: TableSynced['table'], { keys }: Pick<TableSynced, 'keys'>): Promise<void> {
    this.keys.set(table, keys);
    return Promise.resolve();
  }

  /** Empty for a table that was not announced. */
  keysOf(table: TableSynced['table']): ChangedKeys {
    return this.keys.get(table) ?? [];
  }
}
