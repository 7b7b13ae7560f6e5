import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../concurrency/clock.js';
import type { Employee } from '../domain/employee.js';
import {
  isMeasuredBy,
  withoutUpload,
  withRemaining,
  type RemainingResponses,
} from '../domain/survey-removal.js';
import { DomainEvents } from '../events/domain-events.js';
import { crashPoint } from '../faults/crash-points.js';
import { Lifecycle } from '../lifecycle/lifecycle.js';
import { EmployeeStore } from '../storage/employee.store.js';
import { SurveyResponseStore } from '../storage/survey-response.store.js';
import { EmployeeWriter, type TableWrite } from './employee-writer.js';

/** Employees changed at once. */
const BATCH = 1_000;

export interface Remeasured {
  /** Those changed and those removed, and the departments that they were and are in. */
  readonly written: TableWrite;
  readonly changed: number;
  readonly removed: number;
}

/** Gives the employees whose scores came from an upload the scores of their newest response that remains. */
@Injectable()
export class EmployeeRemeasuring {
  constructor(
    @Inject(SurveyResponseStore) private readonly responses: SurveyResponseStore,
    @Inject(EmployeeStore) private readonly employees: EmployeeStore,
    private readonly events: DomainEvents,
    private readonly clock: Clock,
    private readonly lifecycle: Lifecycle,
  ) {}

  /** To be run when the responses of the upload are removed. Repeating it does what is left. */
  async run(uploadId: string): Promise<Remeasured> {
    const touched = await this.touchedBy(uploadId);
    const remaining = await this.remainingOf(touched);
    const writer = new EmployeeWriter(this.employees);
    const now = this.clock.iso();
    let [changed, removed] = [0, 0];
    const ids = [...touched];
    for (let start = 0; start < ids.length; start += BATCH) {
      this.lifecycle.halting.throwIfAborted();
      const batch = ids.slice(start, start + BATCH);
      const after = (current: Employee) =>
        withoutUpload(current, uploadId, remaining.get(current.employeeId), now);
      await this.withdraw(batch, uploadId, after);
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
   * Takes the scores of those who will have no stress rate, and has what fires for them cleared, before they forget the
   * upload: after a crash the next attempt finds them still, and does the same.
   */
  private async withdraw(
    ids: readonly string[],
    uploadId: string,
    after: (current: Employee) => Employee | 'gone',
  ): Promise<void> {
    const withdrawn = new Set<string>();
    await this.employees.mutate(ids, (id, current) => {
      withdrawn.delete(id);
      if (!current || !isMeasuredBy(current, uploadId)) return undefined;
      const next = after(current);
      if (next === 'gone' || next.metrics.rates.stress_rate !== undefined) return undefined;
      withdrawn.add(id);
      return {
        ...next,
        ...(current.metricsOrder === undefined ? {} : { metricsOrder: current.metricsOrder }),
      };
    });
    crashPoint('undo.employees_withdrawn');
    if (withdrawn.size === 0) return;
    const keys = [...withdrawn];
    await this.events.publish('measurements.withdrawn', { syncId: uploadId, table: 'Employees', keys });
  }

  /** The employees and not the responses tell who it is: those may be gone since an attempt before. */
  private async touchedBy(uploadId: string): Promise<Set<string>> {
    const touched = new Set<string>();
    for await (const page of this.employees.scan()) {
      this.lifecycle.halting.throwIfAborted();
      for (const employee of page) if (isMeasuredBy(employee, uploadId)) touched.add(employee.employeeId);
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
