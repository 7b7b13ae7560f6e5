import { Inject, Injectable } from '@nestjs/common';
import { AlertLog } from '../../alerting/log/alert-log.js';
import { seesEvent, type AccessScope } from '../../domain/access-scope.js';
import { foldDepartmentName } from '../../domain/department-name.js';
import type { AlertType } from '../../domain/alerts/alert.js';
import { isEntityEvent, type EntityEvent, type LogEvent } from '../../domain/alerts/log-event.js';
import { AlertLogStore } from '../../storage/ports/alert-log.store.js';
import type { Page } from '../../storage/ports/entity.store.js';

/** What to look for in the log; an absent part accepts everything. Times are milliseconds, `until` is exclusive. */
export interface AlertFilter {
  readonly kind?: LogEvent['kind'];
  readonly alert?: AlertType;
  readonly entityId?: string;
  readonly department?: string;
  readonly since?: number;
  readonly until?: number;
  /** What the caller may see. */
  readonly scope: Pick<AccessScope, 'seesAlert' | 'seesSilences'>;
}

/** Records read at once. */
const READ_BATCH = 8;
/** A page that matches little ends after about this many events with a cursor, so that a request stays short. */
const SCANNED_EVENTS = 20_000;

/** Looks things up in the alert log. Throws StorageError. */
@Injectable()
export class AlertHistory {
  constructor(
    private readonly log: AlertLog,
    @Inject(AlertLogStore) private readonly store: AlertLogStore,
  ) {}

  /** Matching events below the id `before`, newest first. `next` is the `before` of the page after. */
  async list(filter: AlertFilter, limit: number, before = Number.MAX_SAFE_INTEGER): Promise<Page<LogEvent>> {
    const items: LogEvent[] = [];
    const matches = matcher(filter);
    let position = before;
    for (let scanned = 0; scanned < SCANNED_EVENTS;) {
      const records = await this.store.readBackwards(position, READ_BATCH);
      for (const event of records.flatMap(({ events }) => events.toReversed())) {
        if (event.id >= position) continue;
        if (filter.since !== undefined && event.at < filter.since) return { items };
        position = event.id;
        scanned += 1;
        if (!matches(event)) continue;
        items.push(event);
        if (items.length === limit) return { items, next: String(position) };
      }
      if (records.length < READ_BATCH) return { items };
    }
    return { items, next: String(position) };
  }

  /** One event, or undefined when the log holds none with this id and none of what still fires has it. */
  async find(id: number): Promise<LogEvent | undefined> {
    const [record] = await this.store.read(id - 1, 1);
    // What fires outlives the retention of its record.
    return record?.events.find((event) => event.id === id) ?? this.log.findById(id);
  }
}

/** The predicate for a filter. */
export function matcher({
  kind,
  alert,
  entityId,
  department,
  until,
  scope,
}: AlertFilter): (event: LogEvent) => boolean {
  const folded = department === undefined ? undefined : foldDepartmentName(department);
  const isAboutAny = alert === undefined && entityId === undefined && folded === undefined;
  const isAbout = (event: EntityEvent): boolean =>
    (alert === undefined || event.alert === alert) &&
    (entityId === undefined || event.entityId === entityId) &&
    (folded === undefined || foldDepartmentName(event.department) === folded);
  return (event) =>
    seesEvent(scope, event) &&
    (kind === undefined || event.kind === kind) &&
    (until === undefined || event.at < until) &&
    (isEntityEvent(event) ? isAbout(event) : isAboutAny);
}
