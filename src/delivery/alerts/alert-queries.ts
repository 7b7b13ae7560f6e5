import { Inject, Injectable } from '@nestjs/common';
import { AlertLog } from '../../alerting/log/alert-log.js';
import { seesEvent, type AccessScope } from '../../domain/access/access.js';
import { foldDepartmentName } from '../../domain/people/department.js';
import type { AlertType } from '../../domain/alerts/alert.js';
import { isEntityEvent, type EntityEvent, type LogEvent } from '../../domain/alerts/log-event.js';
import { AlertLogStore } from '../../storage/ports/alert-log.store.js';
import type { Page } from '../../storage/ports/entity.store.js';
import { Problem } from '../../platform/http/problem.js';
import { type SnapshotReason, resumePosition } from './resume.js';
import type { Resume } from './client-protocol.js';

/** A filter of the log; an absent part accepts everything. Times are milliseconds, `until` is exclusive. */
export interface AlertFilter {
  readonly kind?: LogEvent['kind'];
  readonly alert?: AlertType;
  readonly entityId?: string;
  readonly department?: string;
  readonly since?: number;
  readonly until?: number;
  /** The part of the log that the caller may see. */
  readonly scope: Pick<AccessScope, 'seesAlert' | 'seesSilences'>;
}

/** A page that matches little ends after about this many events with a cursor, so that a request stays short. */
const SCANNED_EVENTS = 20_000;

/** Queries the alert log, newest first. Throws StorageError. */
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
    let scanned = 0;
    for await (const run of this.store.eventsBackwards(position)) {
      if (scanned >= SCANNED_EVENTS) return { items, next: String(position) };
      for (const event of run) {
        if (filter.since !== undefined && event.at < filter.since) return { items };
        position = event.id;
        scanned += 1;
        if (!matches(event)) continue;
        items.push(event);
        if (items.length === limit) return { items, next: String(position) };
      }
    }
    return { items };
  }

  /** One event; undefined when neither the log nor the active alerts have one with this id. */
  async find(id: number): Promise<LogEvent | undefined> {
    const [record] = await this.store.read(id - 1, 1);
    // A raise that still fires outlives the retention of its record.
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

const LOST: Readonly<Record<Exclude<SnapshotReason, 'invalid_id'>, string>> = {
  trimmed_id: 'Events after this id are no longer kept.',
  unknown_id: 'The log never had this id.',
  future_id: 'The log has not reached this id yet.',
};

/** Events after an id. `position` is the id up to which they are complete; `hasMore` when the log continues beyond it. */
interface FollowingPage {
  readonly items: readonly LogEvent[];
  readonly position: number;
  readonly hasMore: boolean;
}

/** Reads the alert log forward, for callers that poll. */
@Injectable()
export class AlertFollowing {
  constructor(
    private readonly log: AlertLog,
    @Inject(AlertLogStore) private readonly store: AlertLogStore,
  ) {}

  /**
   * Matching events after an id, oldest first and without a gap. Throws the problem `position_lost` when the log does not
   * hold all of them any more, and StorageError.
   */
  async list(filter: AlertFilter, limit: number, resume: Resume): Promise<FollowingPage> {
    const start = await resumePosition(resume, this.log);
    if ('snapshot' in start) throw lost(start.snapshot);
    const matches = matcher(filter);
    const items: LogEvent[] = [];
    let position = start.after;
    let scanned = 0;
    for await (const run of this.store.events(position)) {
      if (scanned >= SCANNED_EVENTS) return { items, position, hasMore: true };
      for (const event of run) {
        if (event.id > position + 1) throw lost('trimmed_id');
        position = event.id;
        scanned += 1;
        if (!matches(event) || (filter.since !== undefined && event.at < filter.since)) continue;
        items.push(event);
        if (items.length === limit) return { items, position, hasMore: true };
      }
    }
    return { items, position, hasMore: false };
  }
}

function lost(reason: SnapshotReason): Problem {
  if (reason === 'invalid_id') {
    const message = 'after must be an id of the log, or earliest';
    return new Problem('validation_failed', 'Send the id of an event.', {
      errors: [{ field: 'after', message }],
    });
  }
  return new Problem(
    'position_lost',
    `${LOST[reason]} Read GET /api/v1/alerts/active, and continue after its position.`,
  );
}
