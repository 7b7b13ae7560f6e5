import { Inject, Injectable } from '@nestjs/common';
import { foldDepartmentName } from '../domain/department-name.js';
import { DomainEvents } from '../events/domain-events.js';
import type { UndoReady } from '../events/domain-event-map.js';
import { crashPoint } from '../faults/crash-points.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { DepartmentStore } from '../storage/department.store.js';
import { SurveyResponseStore } from '../storage/survey-response.store.js';
import { ChangedKeyCollector } from './changed-keys.js';
import { EmployeeRemeasuring } from './employee-remeasuring.js';
import { TableSync } from './table-sync.js';

/** How far the steps are of the whole, in per cent. */
const [RESPONSES_REMOVED, EMPLOYEES_WRITTEN, DEPARTMENTS_WRITTEN] = [40, 80, 95];

/**
 * Takes back the responses of one upload, and computes again the employees and departments that they measured, with the
 * events of every sync. Repeating it is harmless and finishes what broke off; the end of a stop's grace breaks it off
 * between two batches or pages. Memory is in proportion to the upload, not to the tables.
 */
@Injectable()
export class SurveyUndo {
  constructor(
    @Inject(SurveyResponseStore) private readonly responses: SurveyResponseStore,
    @Inject(DepartmentStore) private readonly departments: DepartmentStore,
    private readonly remeasuring: EmployeeRemeasuring,
    private readonly tables: TableSync,
    private readonly events: DomainEvents,
    private readonly lifecycle: Lifecycle,
  ) {}

  /** Answers how many responses were removed. Throws StorageError, and ListenerError when an evaluation failed. */
  async run({ syncId, isRepeated, report }: UndoReady): Promise<number> {
    const nothing = { responsesRemoved: 0, employeesChanged: 0, employeesRemoved: 0 };
    report(0, nothing);
    const removed = await this.removeResponses(syncId);
    crashPoint('undo.responses_deleted');
    const responsesRemoved = removed.count;
    report(RESPONSES_REMOVED, { ...nothing, responsesRemoved });
    await this.tables.announce(syncId, 'Survey_Response', removed);

    const {
      written,
      changed: employeesChanged,
      removed: employeesRemoved,
    } = await this.remeasuring.run(syncId);
    crashPoint('undo.employees_written');
    const counts = { responsesRemoved, employeesChanged, employeesRemoved };
    report(EMPLOYEES_WRITTEN, counts);
    await this.tables.announce(syncId, 'Employees', written);

    // Employees that an attempt before has changed do not tell any more which departments they were in.
    const names = isRepeated ? 'all' : written.divisions;
    await this.tables.syncDepartments(syncId, names);
    report(DEPARTMENTS_WRITTEN, counts);
    await this.withdrawDepartments(syncId, names);
    return responsesRemoved;
  }

  private async removeResponses(
    uploadId: string,
  ): Promise<{ readonly count: number; readonly keys: ChangedKeyCollector['collected'] }> {
    const changed = new ChangedKeyCollector();
    let count = 0;
    for await (const page of this.responses.scan()) {
      this.lifecycle.halting.throwIfAborted();
      const ids = page
        .filter((response) => response.uploadId === uploadId)
        .map(({ responseId }) => responseId);
      await this.responses.deleteMany(ids);
      for (const id of ids) changed.add(id);
      count += ids.length;
    }
    return { count, keys: changed.collected };
  }

  /** A department of which nobody is measured any more has no risk; tells so of those that may have lost theirs. */
  private async withdrawDepartments(syncId: string, names: ReadonlySet<string> | 'all'): Promise<void> {
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
