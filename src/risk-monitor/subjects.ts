import type { AlertDecision, AlertType, RaisedEvent } from '../domain/alerts/alert.js';
import type { Department } from '../domain/people/department.js';
import type { Employee } from '../domain/people/employee.js';
import { judgeDepartment, judgeEmployee } from '../domain/alerts/evaluate.js';
import type { Rules } from '../domain/alerts/rules.js';
import type { TableView } from '../platform/events/event-map.js';

/** The entities that one rule watches: how to read them, and what the rule says of one of them. */
export interface Subjects {
  readonly alert: AlertType;
  /** Judges the named entities; one that does not exist is judged as deleted. */
  judge(ids: readonly string[], active: ActiveLookup, now: number): Promise<AlertDecision[]>;
  /** Judges every entity of the table, a page at a time, and calls `seen` with each id. */
  judgeAll(active: ActiveLookup, now: number, seen: (id: string) => void): AsyncIterable<AlertDecision[]>;
}

export type ActiveLookup = (alert: AlertType, id: string) => RaisedEvent | undefined;

/** Employees under the stress rule. */
export function employeeSubjects(
  table: TableView<Employee>,
  { employee_stress: rule }: Rules,
  judge = judgeEmployee,
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
  judge = judgeDepartment,
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
