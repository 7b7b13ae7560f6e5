import { Inject, Injectable } from '@nestjs/common';
import type { LogEvent } from '../../domain/alerts/log-event.js';
import { AlertLogStore, lastIdOf } from '../../storage/ports/alert-log.store.js';
import { EmployeeStore } from '../../storage/ports/entity.store.js';
import { SurveyResponseStore } from '../../storage/ports/survey-response.store.js';

/** Records of the alert log read at once. */
const READ_BATCH = 8;

/** Finds whether any data of a person is stored. Throws StorageError. */
@Injectable()
export class PersonLookup {
  constructor(
    @Inject(EmployeeStore) private readonly employees: EmployeeStore,
    @Inject(SurveyResponseStore) private readonly responses: SurveyResponseStore,
    @Inject(AlertLogStore) private readonly log: AlertLogStore,
  ) {}

  /** Almost always the employee row decides. When other tools have removed it, responses and alert log are searched. */
  async exists(employeeId: string): Promise<boolean> {
    if ((await this.employees.getMany([employeeId])).size > 0) return true;
    for await (const page of this.responses.scan())
      if (page.some((response) => response.employeeId === employeeId)) return true;
    return this.isInLog(employeeId);
  }

  private async isInLog(employeeId: string): Promise<boolean> {
    const isTheirs = (event: LogEvent): boolean => {
      if (event.kind === 'silence_set') return event.matcher.employeeIds?.includes(employeeId) === true;
      if (event.kind === 'silence_ended') return false;
      return event.alert === 'employee_stress' && event.entityId === employeeId;
    };
    for (let position = 0; ;) {
      const records = await this.log.read(position, READ_BATCH);
      const newest = records.at(-1);
      if (newest === undefined) break;
      if (records.some(({ events }) => events.some(isTheirs))) return true;
      position = lastIdOf(newest);
    }
    const checkpoint = await this.log.loadCheckpoint();
    return checkpoint?.active.some(isTheirs) ?? false;
  }
}
