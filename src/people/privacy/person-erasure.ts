import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AlertLog } from '../../alerting/log/alert-log.js';
import {
  anonymousEmployee,
  anonymousResponse,
  erasedAlerts,
  type Erasure,
  type ErasureCounts,
} from '../../domain/privacy/erasure.js';
import type { SurveyResponse } from '../../domain/surveys/survey-response.js';
import { failpoint } from '../../lib/failpoints.js';
import { TrackedEmployees } from '../../ingest/departments/tracked-employees.js';
import { DepartmentWithdrawal } from '../../ingest/departments/department-roll-up.js';
import { ResponseSweep, type SweptResponses } from '../../ingest/sync/response-removal.js';
import { TableAnnouncer } from '../../ingest/sync/table-announcer.js';

/** Hexadecimal digits of a new response id: as many as a pseudonym has. */
const ID_DIGITS = 20;

/**
 * Removes one person from the tables and from the alert log, with the events of every sync, or replaces the person by a
 * pseudonym. Repeating it finishes what broke off. Throws StorageError, and ListenerError when an evaluation failed.
 */
@Injectable()
export class PersonErasure {
  constructor(
    private readonly employees: TrackedEmployees,
    private readonly responses: ResponseSweep,
    private readonly withdrawal: DepartmentWithdrawal,
    private readonly tables: TableAnnouncer,
    private readonly log: AlertLog,
  ) {}

  /**
   * `isRepeated`: an attempt before this one may have changed employees. Returns the number of responses that were removed
   * or are anonymous now, and of alerts that were overwritten.
   */
  async run(erasure: Erasure, isRepeated: boolean): Promise<Pick<ErasureCounts, 'responses' | 'alerts'>> {
    const { id: syncId, mode } = erasure;
    const responses = await this.sweepResponses(erasure);
    failpoint('erasure.responses_written');
    await this.tables.announce(syncId, 'Survey_Response', responses);

    const divisions = await this.replaceEmployee(erasure);
    failpoint('erasure.employee_written');
    const change = erasedAlerts(erasure);
    const { head } = this.log;
    // The alert of an anonymised person continues under the pseudonym: nothing is raised or cleared. The alert of an erased
    // person clears first, under the id that subscribers know.
    let alerts = mode === 'anonymise' ? await this.log.rewrite(change, 0) : 0;
    await this.tables.announce(syncId, 'Employees', { count: 1, keys: [erasure.employeeId] });
    alerts += await this.log.rewrite(change, mode === 'anonymise' ? head : 0);
    failpoint('erasure.log_rewritten');

    // An employee that an earlier attempt has removed no longer names a department.
    const names = isRepeated ? 'all' : divisions;
    await this.tables.syncDepartments(syncId, names);
    await this.withdrawal.run(syncId, names);
    return { responses: responses.count, alerts };
  }

  private sweepResponses({ employeeId, mode, pseudonym, key }: Erasure): Promise<SweptResponses> {
    const isTheirs = (response: SurveyResponse) => response.employeeId === employeeId;
    if (mode === 'erase') return this.responses.remove(isTheirs);
    // The same response gets the same id at every attempt; without the key it cannot be derived.
    const newId = (id: string) =>
      `${pseudonym}:${createHmac('sha256', key).update(id).digest('hex').slice(0, ID_DIGITS)}`;
    return this.responses.remove(isTheirs, (response) =>
      anonymousResponse(response, pseudonym, newId(response.responseId)),
    );
  }

  /** Returns the departments that must be rolled up. */
  private async replaceEmployee({ employeeId, mode, pseudonym }: Erasure): Promise<ReadonlySet<string>> {
    const current = (await this.employees.getMany([employeeId])).get(employeeId);
    if (!current) return new Set();
    const instead = mode === 'anonymise' ? anonymousEmployee(current, pseudonym) : undefined;
    if (instead) await this.employees.mutate([pseudonym], () => instead);
    await this.employees.delete(employeeId);
    const { division } = current.attributes;
    return new Set(division === undefined ? [] : [division]);
  }
}
