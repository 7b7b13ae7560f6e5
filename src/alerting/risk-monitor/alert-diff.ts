import type { AlertLog } from '../log/alert-log.js';
import type { Clock } from '../../lib/clock.js';
import type { AlertDecision, AlertType, RaisedEvent } from '../../domain/alerts/alert.js';
import type { ChangedKeys } from '../../platform/events/event-map.js';
import type { TableView } from '../../ingest/sync/overlay-evaluator.js';
import type { Department } from '../../domain/people/department.js';
import type { Employee } from '../../domain/people/employee.js';
import { evaluateDepartment, evaluateEmployee } from '../../domain/alerts/evaluate.js';
import type { Rules } from '../../domain/alerts/rules.js';

/** Entities read at once when they are named: so many that reading and judging overlap for most of the time. */
const READ_BATCH = 4_000;

/** Judges entities against what fires at the head of the log, and changes nothing. */
export class AlertDiff {
  constructor(
    private readonly log: Pick<AlertLog, 'find' | 'active'>,
    private readonly clock: Clock,
  ) {}

  /** What is to be decided of these entities. */
  of(subjects: Subjects, ids: readonly string[]): Promise<AlertDecision[]> {
    return subjects.judge(ids, this.lookup, this.clock.now());
  }

  /** The same for those that a sync changed, some at a time: all, where they are not named. */
  changed(subjects: Subjects, keys: ChangedKeys): AsyncIterable<AlertDecision[]> {
    return keys === 'many' ? this.all(subjects) : this.named(subjects, keys);
  }

  private async *named(subjects: Subjects, ids: readonly string[]): AsyncIterable<AlertDecision[]> {
    for (let start = 0; start < ids.length; start += READ_BATCH)
      yield await this.of(subjects, ids.slice(start, start + READ_BATCH));
  }

  /** What is to be decided of every entity of the table, and of those that fire and are gone. */
  private async *all(subjects: Subjects): AsyncIterable<AlertDecision[]> {
    const firing = new Set(
      this.log.active().flatMap((event) => (event.alert === subjects.alert ? [event.entityId] : [])),
    );
    yield* subjects.judgeAll(this.lookup, this.clock.now(), (id) => firing.delete(id));
    // What fires and was not met is gone, unless it was written during the scan: read each once more.
    yield* this.named(subjects, [...firing]);
  }

  private readonly lookup = (...[alert, id]: Parameters<AlertLog['find']>) => this.log.find(alert, id);
}

/** The entities that one rule watches: how to read them, and what the rule says of one of them. */
export interface Subjects {
  readonly alert: AlertType;
  /** Judges the named entities; one that does not exist is judged as deleted. */
  judge(ids: readonly string[], active: ActiveLookup, now: number): Promise<AlertDecision[]>;
  /** Judges every entity of the table, a page at a time, and calls `seen` with each id. */
  judgeAll(active: ActiveLookup, now: number, seen: (id: string) => void): AsyncIterable<AlertDecision[]>;
}

type ActiveLookup = (alert: AlertType, id: string) => RaisedEvent | undefined;

/** Employees under the stress rule. */
export function employeeSubjects(
  table: TableView<Employee>,
  { employee_stress: rule }: Rules,
  judge = evaluateEmployee,
): Subjects {
  return subjects(
    table,
    rule.alert,
    (employee) => employee.employeeId,
    (employee: Employee | undefined, active, now) => {
      const verdict = judge(rule, employee, active, now);
      return verdict.change === 'none' ? undefined : verdict.event;
    },
  );
}

/** Departments under the overall-risk rule. */
export function departmentSubjects(
  table: TableView<Department>,
  { department_critical: rule }: Rules,
  judge = evaluateDepartment,
): Subjects {
  return subjects(
    table,
    rule.alert,
    (department) => department.departmentId,
    (department: Department | undefined, active, now) => {
      const verdict = judge(rule, department, active, now);
      return verdict.change === 'none' ? undefined : verdict.event;
    },
  );
}

function subjects<T>(
  table: TableView<T>,
  alert: AlertType,
  idOf: (entity: T) => string,
  judgeOne: (
    entity: T | undefined,
    active: RaisedEvent | undefined,
    now: number,
  ) => AlertDecision | undefined,
): Subjects {
  const isDecision = (decision: AlertDecision | undefined): decision is AlertDecision =>
    decision !== undefined;
  return {
    alert,
    async judge(ids, active, now) {
      const entities = await table.getMany(ids);
      return ids.map((id) => judgeOne(entities.get(id), active(alert, id), now)).filter(isDecision);
    },
    async *judgeAll(active, now, seen) {
      for await (const page of table.scan()) {
        yield page
          .map((entity) => {
            const id = idOf(entity);
            seen(id);
            return judgeOne(entity, active(alert, id), now);
          })
          .filter(isDecision);
      }
    },
  };
}
