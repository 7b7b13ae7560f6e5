import { Inject, Injectable } from '@nestjs/common';
import { AlertLog, APPEND_LIMIT } from '../log/alert-log.js';
import { Clock } from '../../lib/clock.js';
import { Mutex } from '../../lib/mutex.js';
import { CONFLICT, retryOnConflict } from '../../lib/retry-on-conflict.js';
import { Config } from '../../config/config.js';
import type { AlertDecision } from '../../domain/alerts/alert.js';
import type { Employee } from '../../domain/people/employee.js';
import type { LogEvent } from '../../domain/alerts/log-event.js';
import { evaluateWithdrawnDepartment, evaluateWithdrawnEmployee } from '../../domain/alerts/evaluate.js';
import type { TableView } from '../../ingest/sync/overlay-evaluator.js';
import type { ChangedKeys } from '../../platform/events/event-map.js';
import { DepartmentStore, EmployeeStore } from '../../storage/ports/entity.store.js';
import { AlertDiff, departmentTarget, employeeTarget, type RuleTarget } from './alert-diff.js';

/** Decisions are appended in groups of about this many, so that an evaluation holds a bounded number. */
const GROUP = 2_000;
/** Instances with different rules, as amid an update, would correct each other without end. */
const MAX_ROUNDS = 5;

export interface EvaluationResult {
  readonly raised: number;
  readonly cleared: number;
}

/** Records how far an evaluation has come. */
export interface Progress<Position = void> {
  /** Whether the position is to be recorded now. */
  isDue(): boolean;
  /** Everything up to the position is decided and appended. */
  reached(position: Position): Promise<void>;
}

/**
 * Reads tables, compares them with the fold of the alert log, and appends what changed: each transition once, however
 * many instances evaluate at the same time. Throws StorageError when a table or the log does not answer, and the
 * signal's reason between two pages when it aborts.
 */
@Injectable()
export class RiskEvaluator {
  private readonly mutex = new Mutex();
  /** Separate, so that the changes of a sync do not wait for the scan of a whole table. */
  private readonly wholeTables = new Mutex();
  private readonly employees: RuleTarget;
  private readonly departments: RuleTarget;
  private readonly diff: AlertDiff;
  private readonly withdrawn: Readonly<Record<'Employees' | 'Departments', RuleTarget>>;

  constructor(
    private readonly log: AlertLog,
    clock: Clock,
    @Inject(EmployeeStore) employees: EmployeeStore,
    @Inject(DepartmentStore) departments: DepartmentStore,
    private readonly config: Config,
  ) {
    this.diff = new AlertDiff(log, clock);
    this.employees = employeeTarget(employees, config.rules);
    this.departments = departmentTarget(departments, config.rules);
    this.withdrawn = {
      Employees: employeeTarget(employees, config.rules, evaluateWithdrawnEmployee),
      Departments: departmentTarget(departments, config.rules, evaluateWithdrawnDepartment),
    };
  }

  /** Evaluates the named employees, or all of them. */
  evaluateEmployees(keys: ChangedKeys, signal: AbortSignal): Promise<EvaluationResult> {
    return this.mutexFor(keys).run(() => this.evaluate(this.employees, keys, signal));
  }

  /** Evaluates all employees of `table`, and reports to `progress` between two pages. */
  evaluateTable(
    table: TableView<Employee>,
    signal: AbortSignal,
    progress: Progress,
  ): Promise<EvaluationResult> {
    const target = employeeTarget(table, this.config.rules);
    return this.wholeTables.run(() => this.evaluate(target, 'many', signal, progress));
  }

  /** Evaluates the named departments, or all of them. */
  evaluateDepartments(keys: ChangedKeys, signal: AbortSignal): Promise<EvaluationResult> {
    return this.mutexFor(keys).run(() => this.evaluate(this.departments, keys, signal));
  }

  /** Evaluates entities whose measurements were removed: clears the alerts of those that have no measurement left. */
  evaluateWithdrawn(
    table: 'Employees' | 'Departments',
    ids: readonly string[],
    signal: AbortSignal,
  ): Promise<EvaluationResult> {
    return this.mutex.run(() => this.evaluate(this.withdrawn[table], ids, signal));
  }

  private mutexFor(keys: ChangedKeys): Mutex {
    return keys === 'many' ? this.wholeTables : this.mutex;
  }

  private async evaluate(
    target: RuleTarget,
    keys: ChangedKeys,
    signal: AbortSignal,
    progress?: Progress,
  ): Promise<EvaluationResult> {
    signal.throwIfAborted();
    await this.log.refresh();
    const tally = { raised: 0, cleared: 0 };
    let head = this.log.head;
    let group: AlertDecision[] = [];
    const flush = async (): Promise<void> => {
      await this.commit(target, group, head, tally);
      group = [];
      head = this.log.head;
    };
    for await (const decisions of this.diff.changed(target, keys)) {
      signal.throwIfAborted();
      group.push(...decisions);
      const isDue = progress?.isDue() ?? false;
      if (isDue || group.length >= GROUP) await flush();
      if (isDue) await progress?.reached();
    }
    await flush();
    return tally;
  }

  private async commit(
    target: RuleTarget,
    decisions: readonly AlertDecision[],
    seenHead: number,
    tally: { raised: number; cleared: number },
  ): Promise<void> {
    let pending = decisions;
    let head = seenHead;
    let rounds = 0;
    await retryOnConflict(APPEND_LIMIT, async () => {
      if (pending.length === 0) return;
      const { appended, complete } = await this.log.append(pending, head);
      count(appended, tally);
      if (complete) rounds += 1;
      if (rounds > MAX_ROUNDS) return;
      // Also for what was appended. An instance that changed an entity after it was read here, and evaluated it before
      // this append, found nothing to change. Its write is visible now; later evaluations see what was appended.
      await this.log.refresh();
      head = this.log.head;
      const ids = pending.map((decision) => decision.entityId);
      pending = await this.diff.of(target, ids);
      return CONFLICT;
    });
  }
}

function count(events: readonly LogEvent[], tally: { raised: number; cleared: number }): void {
  for (const { kind } of events) if (kind === 'raised' || kind === 'cleared') tally[kind] += 1;
}
