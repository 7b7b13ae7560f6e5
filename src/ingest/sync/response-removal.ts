import { Injectable, Inject } from '@nestjs/common';
import type { Employee } from '../../domain/people/employee.js';
import type { SurveyResponse } from '../../domain/surveys/survey-response.js';
import type { ChangedKeys } from '../../platform/events/event-map.js';
import type { UndoCounts } from '../../domain/uploads/upload.js';
import { failpoint } from '../../lib/failpoints.js';
import { DepartmentWithdrawal } from '../departments/department-roll-up.js';
import { EmployeeRescoring } from './employee-rescoring.js';
import { TableAnnouncer } from './table-announcer.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { SurveyResponseStore } from '../../storage/ports/survey-response.store.js';
import { ChangedKeyCollector } from './employee-writer.js';

/** The result of removing responses. */
export interface SweptResponses {
  readonly count: number;
  readonly keys: ChangedKeys;
}

/** Scans all responses and removes some. Repeating it does what is left. */
@Injectable()
export class ResponseSweep {
  constructor(
    @Inject(SurveyResponseStore) private readonly responses: SurveyResponseStore,
    private readonly lifecycle: Lifecycle,
  ) {}

  /**
   * Removes the responses that `isMeant` selects, or replaces each by the result of `instead`. Throws StorageError, and an
   * abort between two pages when a stop's grace ends.
   */
  async remove(
    isMeant: (response: SurveyResponse) => boolean,
    instead?: (response: SurveyResponse) => SurveyResponse,
  ): Promise<SweptResponses> {
    const changed = new ChangedKeyCollector();
    let count = 0;
    for await (const page of this.responses.scan()) {
      this.lifecycle.halting.throwIfAborted();
      const meant = page.filter(isMeant);
      // Before the old ones go: a crash in between must not lose a score.
      if (instead && meant.length > 0) await this.responses.putMany(meant.map(instead));
      const ids = meant.map(({ responseId }) => responseId);
      await this.responses.deleteMany(ids);
      for (const id of ids) changed.add(id);
      count += ids.length;
    }
    return { count, keys: changed.collected };
  }
}

/** The progress after each step, in per cent. */
const [RESPONSES_REMOVED, EMPLOYEES_WRITTEN, DEPARTMENTS_WRITTEN] = [40, 80, 95];

/** Which responses to remove, and whom they measured. */
export interface Removal {
  readonly syncId: string;
  /** An attempt before this one may have changed employees. */
  readonly isRepeated: boolean;
  readonly isMeant: (response: SurveyResponse) => boolean;
  /** Decided from the employees, not from the responses: an attempt before may have removed those. */
  readonly isMeasured: (employee: Employee) => boolean;
  /** Called after each step with the per cent done and what was changed so far. */
  readonly report: (percent: number, counts: UndoCounts) => void;
}

/**
 * Removes responses, and recomputes the employees and departments that they measured, with the events of every sync.
 * Repeating it is harmless and finishes what broke off. Memory is in proportion to what is removed, not to the tables.
 */
@Injectable()
export class ResponseRemoval {
  constructor(
    private readonly responses: ResponseSweep,
    private readonly rescoring: EmployeeRescoring,
    private readonly withdrawal: DepartmentWithdrawal,
    private readonly tables: TableAnnouncer,
  ) {}

  /**
   * Returns the number of responses removed. Throws StorageError, ListenerError when an evaluation failed, and an abort
   * between two batches or pages when a stop's grace ends.
   */
  async run({ syncId, isRepeated, isMeant, isMeasured, report }: Removal): Promise<number> {
    const nothing = { responsesRemoved: 0, employeesChanged: 0, employeesRemoved: 0 };
    report(0, nothing);
    const removed = await this.responses.remove(isMeant);
    failpoint('undo.responses_deleted');
    const responsesRemoved = removed.count;
    report(RESPONSES_REMOVED, { ...nothing, responsesRemoved });
    await this.tables.announce(syncId, 'Survey_Response', removed);

    const {
      written,
      changed: employeesChanged,
      removed: employeesRemoved,
    } = await this.rescoring.run(syncId, isMeasured);
    failpoint('undo.employees_written');
    const counts = { responsesRemoved, employeesChanged, employeesRemoved };
    report(EMPLOYEES_WRITTEN, counts);
    await this.tables.announce(syncId, 'Employees', isRepeated ? { ...written, keys: 'many' } : written);

    // Employees that an earlier attempt has changed no longer name the departments they were in.
    const names = isRepeated ? 'all' : written.divisions;
    await this.tables.syncDepartments(syncId, names);
    report(DEPARTMENTS_WRITTEN, counts);
    await this.withdrawal.run(syncId, names);
    return responsesRemoved;
  }
}
