import { Inject, Injectable } from '@nestjs/common';
import type { LogEvent } from '../../domain/alerts/log-event.js';
import { AlertLogStore } from '../../storage/ports/alert-log.store.js';
import { EmployeeStore } from '../../storage/ports/entity.store.js';
import { SurveyResponseStore } from '../../storage/ports/survey-response.store.js';

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
    for await (const events of this.log.events(0)) if (events.some(isTheirs)) return true;
    const checkpoint = await this.log.loadCheckpoint();
    return checkpoint?.active.some(isTheirs) ?? false;
  }
}
