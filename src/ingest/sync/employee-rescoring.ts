import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../../lib/clock.js';
import type { Employee } from '../../domain/people/employee.js';
import { remeasured, withRemaining, type RemainingResponses } from '../../domain/people/rescoring.js';
import { DomainEvents } from '../../platform/events/domain-events.js';
import { failpoint } from '../../lib/failpoints.js';
import { Lifecycle } from '../../platform/lifecycle/lifecycle.js';
import { TrackedEmployees } from '../departments/tracked-employees.js';
import { SurveyResponseStore } from '../../storage/ports/survey-response.store.js';
import { EmployeeWriter, type TableWrite } from './employee-writer.js';

/** Employees changed per batch. */
const BATCH = 1_000;

export interface RescoringResult {
  /** The employees changed and removed, and the departments that they were and are in. */
  readonly written: TableWrite;
  readonly changed: number;
  readonly removed: number;
}

/** Gives the employees whose scores came from removed responses the scores of their newest remaining response. */
@Injectable()
export class EmployeeRescoring {
  constructor(
    @Inject(SurveyResponseStore) private readonly responses: SurveyResponseStore,
    private readonly employees: TrackedEmployees,
    private readonly events: DomainEvents,
    private readonly clock: Clock,
    private readonly lifecycle: Lifecycle,
  ) {}

  /**
   * To be called after the responses were removed. `isMeant`: whether the scores of an employee came from them, by the
   * order or the date of the scores; these change last, so that repeating it does what is left. Throws StorageError, an
   * abort when a stop's grace ends, and ListenerError when an evaluation failed.
   */
  async run(syncId: string, isMeant: (employee: Employee) => boolean): Promise<RescoringResult> {
    const touched = await this.idsOf(isMeant);
    const remaining = await this.remainingOf(touched);
    const writer = new EmployeeWriter(this.employees);
    const now = this.clock.iso();
    let [changed, removed] = [0, 0];
    const ids = [...touched];
    for (let start = 0; start < ids.length; start += BATCH) {
      this.lifecycle.halting.throwIfAborted();
      const batch = ids.slice(start, start + BATCH);
      const after = (current: Employee) =>
        isMeant(current) ? remeasured(current, remaining.get(current.employeeId), now) : current;
      await this.withdraw(batch, syncId, isMeant, after);
      const gone = new Set<string>();
      await writer.change(batch, (id, current) => {
        gone.delete(id);
        const next = current && after(current);
        if (next === 'gone') gone.add(id);
        return next === 'gone' || next === current ? undefined : next;
      });
      for (const id of gone) await this.employees.delete(id);
      writer.addRemoved(gone);
      removed += gone.size;
      changed = writer.written.count - removed;
    }
    return { written: writer.written, changed, removed };
  }

  /**
   * Removes the scores of the employees that will have no stress rate, and has their alerts cleared, before the origin of
   * their scores is removed: after a crash the next attempt finds them again.
   */
  private async withdraw(
    ids: readonly string[],
    syncId: string,
    isMeant: (employee: Employee) => boolean,
    after: (current: Employee) => Employee | 'gone',
  ): Promise<void> {
    const withdrawn = new Set<string>();
    await this.employees.mutate(ids, (id, current) => {
      withdrawn.delete(id);
      if (!current || !isMeant(current)) return undefined;
      const next = after(current);
      if (next === 'gone' || next.metrics.rates.stress_rate !== undefined) return undefined;
      withdrawn.add(id);
      return {
        ...next,
        ...(current.metricsOrder === undefined ? {} : { metricsOrder: current.metricsOrder }),
        ...(current.lastSubmissionDate === undefined
          ? {}
          : { lastSubmissionDate: current.lastSubmissionDate }),
      };
    });
    failpoint('undo.employees_withdrawn');
    if (withdrawn.size === 0) return;
    const keys = [...withdrawn];
    await this.events.publish('measurements.withdrawn', { syncId, table: 'Employees', keys });
  }

  private async idsOf(isMeant: (employee: Employee) => boolean): Promise<Set<string>> {
    const touched = new Set<string>();
    for await (const page of this.employees.scan()) {
      this.lifecycle.halting.throwIfAborted();
      for (const employee of page) if (isMeant(employee)) touched.add(employee.employeeId);
    }
    return touched;
  }

  private async remainingOf(employeeIds: ReadonlySet<string>): Promise<Map<string, RemainingResponses>> {
    const remaining = new Map<string, RemainingResponses>();
    if (employeeIds.size === 0) return remaining;
    for await (const page of this.responses.scan()) {
      this.lifecycle.halting.throwIfAborted();
      for (const response of page) {
        const { employeeId } = response;
        if (!employeeIds.has(employeeId)) continue;
        remaining.set(employeeId, withRemaining(remaining.get(employeeId), response));
      }
    }
    return remaining;
  }
}
