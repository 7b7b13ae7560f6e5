import { Inject, Injectable } from '@nestjs/common';
import { AlertLog } from '../log/alert-log.js';
import { Clock } from '../../lib/clock.js';
import { Mutex } from '../../lib/mutex.js';
import { Config } from '../../config/config.js';
import type { AlertDecision } from '../../domain/alerts/alert.js';
import type { Employee } from '../../domain/people/employee.js';
import type { LogEvent } from '../../domain/alerts/log-event.js';
import { judgeWithdrawnDepartment, judgeWithdrawnEmployee } from '../../domain/alerts/evaluate.js';
import type { ChangedKeys } from '../../platform/events/event-map.js';
import type { TableView } from '../../ingest/sync/overlay-evaluator.js';
import { DepartmentStore, EmployeeStore } from '../../storage/ports/entity.store.js';
import { AlertDiff, departmentSubjects, employeeSubjects, type Subjects } from './alert-diff.js';

/** Decisions are appended in groups of about this many, so that an evaluation holds a bounded number. */
const GROUP = 2_000;
/** Every conflict means that somebody else got through, so this many in a row is a fault, not a race. */
const MAX_CONFLICTS = 1_000;
/** Instances that have other rules, as amid an update, would correct each other for as long as they look. */
const MAX_LOOKS = 5;

export interface EvaluationResult {
  readonly raised: number;
  readonly cleared: number;
}

/** Whoever wants to know when everything that was read so far is decided and appended. */
export interface Milestones {
  isDue(): boolean;
  reached(): Promise<void>;
}

/**
 * Reads tables, compares them with the fold of the alert log, and appends what changed: each transition once, however
 * many instances evaluate at the same time. Throws StorageError when a table or the log does not answer, and the
 * signal's reason between two pages when it aborts.
 */
@Injectable()
export class RiskEvaluator {
  private readonly serial = new Mutex();
  /** Whole tables take turns of their own: what a sync changed must not wait for a look at everybody. */
  private readonly wholeTables = new Mutex();
  private readonly employees: Subjects;
  private readonly departments: Subjects;
  private readonly judgement: AlertDiff;
  private readonly withdrawn: Readonly<Record<'Employees' | 'Departments', Subjects>>;

  constructor(
    private readonly log: AlertLog,
    clock: Clock,
    @Inject(EmployeeStore) employees: EmployeeStore,
    @Inject(DepartmentStore) departments: DepartmentStore,
    private readonly config: Config,
  ) {
    this.judgement = new AlertDiff(log, clock);
    this.employees = employeeSubjects(employees, config.rules);
    this.departments = departmentSubjects(departments, config.rules);
    this.withdrawn = {
      Employees: employeeSubjects(employees, config.rules, evaluateWithdrawnEmployee),
      Departments: departmentSubjects(departments, config.rules, evaluateWithdrawnDepartment),
    };
  }

  /** Evaluates the named employees, or all of them. */
  evaluateEmployees(keys: ChangedKeys, signal: AbortSignal): Promise<EvaluationResult> {
    return this.turnsOf(keys).run(() => this.evaluate(this.employees, keys, signal));
  }

  /** Evaluates all employees as `table` shows them, and tells `milestones` how far it is. */
  evaluateTable(
    table: TableView<Employee>,
    signal: AbortSignal,
    milestones: Milestones,
  ): Promise<EvaluationResult> {
    const subjects = employeeSubjects(table, this.config.rules);
    return this.wholeTables.run(() => this.evaluate(subjects, 'many', signal, milestones));
  }

  /** Evaluates the named departments, or all of them. */
  evaluateDepartments(keys: ChangedKeys, signal: AbortSignal): Promise<EvaluationResult> {
    return this.turnsOf(keys).run(() => this.evaluate(this.departments, keys, signal));
  }

  /** Evaluates entities whose measurement was taken back: what fires for one that has none any more is cleared. */
  evaluateWithdrawn(
    table: 'Employees' | 'Departments',
    ids: readonly string[],
    signal: AbortSignal,
  ): Promise<EvaluationResult> {
    return this.serial.run(() => this.evaluate(this.withdrawn[table], ids, signal));
  }

  private turnsOf(keys: ChangedKeys): Mutex {
    return keys === 'many' ? this.wholeTables : this.serial;
  }

  private async evaluate(
    subjects: Subjects,
    keys: ChangedKeys,
    signal: AbortSignal,
    milestones?: Milestones,
  ): Promise<EvaluationResult> {
    signal.throwIfAborted();
    await this.log.refresh();
    const tally = { raised: 0, cleared: 0 };
    let head = this.log.head;
    let group: AlertDecision[] = [];
    const flush = async (): Promise<void> => {
      await this.commit(subjects, group, head, tally);
      group = [];
      head = this.log.head;
    };
    for await (const decisions of this.judgement.changed(subjects, keys)) {
      signal.throwIfAborted();
      group.push(...decisions);
      const isDue = milestones?.isDue() ?? false;
      if (isDue || group.length >= GROUP) await flush();
      if (isDue) await milestones?.reached();
    }
    await flush();
    return tally;
  }

  private async commit(
    subjects: Subjects,
    decisions: readonly AlertDecision[],
    seenHead: number,
    tally: { raised: number; cleared: number },
  ): Promise<void> {
    let pending = decisions;
    let head = seenHead;
    let looks = 0;
    for (let conflicts = 0; pending.length > 0; conflicts += 1) {
      if (conflicts > MAX_CONFLICTS)
        throw new Error('The alert log moved on at every attempt to append to it');
      const { appended, complete } = await this.log.append(pending, head);
      count(appended, tally);
      if (complete) looks += 1;
      if (looks > MAX_LOOKS) return;
      // Also what was appended: who changed an entity after it was read here, and evaluated it before this was appended,
      // found nothing to say. That write shows now, and whoever evaluates later finds what was appended.
      await this.log.refresh();
      head = this.log.head;
      const ids = pending.map((decision) => decision.entityId);
      pending = await this.judgement.of(subjects, ids);
    }
  }
}

function count(events: readonly LogEvent[], tally: { raised: number; cleared: number }): void {
  for (const { kind } of events) if (kind === 'raised' || kind === 'cleared') tally[kind] += 1;
}
