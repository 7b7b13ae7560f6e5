import type { AlertLog } from '../log/alert-log.js';
import type { Clock } from '../../lib/clock.js';
import type { AlertDecision, AlertType, RaisedEvent } from '../../domain/alerts/alert.js';
import type { ChangedKeys } from '../../platform/events/event-map.js';
import type { TableView } from '../../ingest/sync/overlay-evaluator.js';
import type { Department } from '../../domain/people/department.js';
import type { Employee } from '../../domain/people/employee.js';
import { evaluateDepartment, evaluateEmployee } from '../../domain/alerts/evaluate.js';
import type { Rules } from '../../domain/alerts/rules.js';

/** Entities read at once when they are named: enough that reading and deciding overlap for most of the time. */
const READ_BATCH = 4_000;

/** Compares entities with the alerts that fire at the head of the log, and returns what should change. Writes nothing. */
export class AlertDiff {
  constructor(
    private readonly log: Pick<AlertLog, 'find' | 'active'>,
    private readonly clock: Clock,
  ) {}

  /** The decisions about the named entities. Throws StorageError. */
  of(target: RuleTarget, ids: readonly string[]): Promise<AlertDecision[]> {
    return target.decide(ids, this.lookup, this.clock.now());
  }

  /** The decisions about the entities that a sync changed, in batches; about all of the table for `many`. */
  changed(target: RuleTarget, keys: ChangedKeys): AsyncIterable<AlertDecision[]> {
    return keys === 'many' ? this.all(target) : this.named(target, keys);
  }

  private async *named(target: RuleTarget, ids: readonly string[]): AsyncIterable<AlertDecision[]> {
    for (let start = 0; start < ids.length; start += READ_BATCH)
      yield await this.of(target, ids.slice(start, start + READ_BATCH));
  }

  /** The decisions about every entity of the table, and about those that fire and were deleted. */
  private async *all(target: RuleTarget): AsyncIterable<AlertDecision[]> {
    const firing = new Set(
      this.log.active().flatMap((event) => (event.alert === target.alert ? [event.entityId] : [])),
    );
    yield* target.decideAll(this.lookup, this.clock.now(), (id) => firing.delete(id));
    // What fires and was not scanned is deleted, unless it was written during the scan: read each once more.
    yield* this.named(target, [...firing]);
  }

  private readonly lookup = (...[alert, id]: Parameters<AlertLog['find']>) => this.log.find(alert, id);
}

/** The entities that one rule watches: how to read them, and what the rule decides about one of them. */
export interface RuleTarget {
  readonly alert: AlertType;
  /** Decides about the named entities; one that does not exist counts as deleted. */
  decide(ids: readonly string[], active: ActiveLookup, now: number): Promise<AlertDecision[]>;
  /** Decides about every entity of the table, a page at a time, and calls `seen` with each id. */
  decideAll(active: ActiveLookup, now: number, seen: (id: string) => void): AsyncIterable<AlertDecision[]>;
}

type ActiveLookup = (alert: AlertType, id: string) => RaisedEvent | undefined;

/** Employees under the stress rule. */
export function employeeTarget(
  table: TableView<Employee>,
  { employee_stress: rule }: Rules,
  evaluate = evaluateEmployee,
): RuleTarget {
  return ruleTarget(
    table,
    rule.alert,
    (employee) => employee.employeeId,
    (employee: Employee | undefined, active, now) => {
      const verdict = evaluate(rule, employee, active, now);
      return verdict.change === 'none' ? undefined : verdict.event;
    },
  );
}

/** Departments under the overall-risk rule. */
export function departmentTarget(
  table: TableView<Department>,
  { department_critical: rule }: Rules,
  evaluate = evaluateDepartment,
): RuleTarget {
  return ruleTarget(
    table,
    rule.alert,
    (department) => department.departmentId,
    (department: Department | undefined, active, now) => {
      const verdict = evaluate(rule, department, active, now);
      return verdict.change === 'none' ? undefined : verdict.event;
    },
  );
}

function ruleTarget<T>(
  table: TableView<T>,
  alert: AlertType,
  idOf: (entity: T) => string,
  decideOne: (
    entity: T | undefined,
    active: RaisedEvent | undefined,
    now: number,
  ) => AlertDecision | undefined,
): RuleTarget {
  const isDecision = (decision: AlertDecision | undefined): decision is AlertDecision =>
    decision !== undefined;
  return {
    alert,
    async decide(ids, active, now) {
      const entities = await table.getMany(ids);
      return ids.map((id) => decideOne(entities.get(id), active(alert, id), now)).filter(isDecision);
    },
    async *decideAll(active, now, seen) {
      for await (const page of table.scan()) {
        yield page
          .map((entity) => {
            const id = idOf(entity);
            seen(id);
            return decideOne(entity, active(alert, id), now);
          })
          .filter(isDecision);
      }
    },
  };
}
