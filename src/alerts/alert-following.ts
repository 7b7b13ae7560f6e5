import { Inject, Injectable } from '@nestjs/common';
import { AlertLog } from '../alerting/log/alert-log.js';
import type { LogEvent } from '../domain/alerts/log-event.js';
import { Problem } from '../platform/http/problem.js';
import { AlertLogStore } from '../storage/ports/alert-log.store.js';
import { matcher, type AlertFilter } from '../delivery/alerts/alert-queries.js';
import type { SnapshotReason } from '../delivery/alerts/resume.js';
import { resumePosition } from './resume-position.js';
import type { Resume } from '../delivery/alerts/client-protocol.js';

/** Records read at once. */
const READ_BATCH = 8;
/** A page that matches little ends after about this many events, so that a request stays short. */
const SCANNED_EVENTS = 20_000;

const LOST: Readonly<Record<Exclude<SnapshotReason, 'invalid_id'>, string>> = {
  trimmed_id: 'Events after this id are no longer kept.',
  unknown_id: 'The log never had this id.',
  future_id: 'The log has not come to this id.',
};

/** Events after an id. `position` is the id up to which they tell all; `hasMore` when the log goes on beyond it. */
export interface FollowingPage {
  readonly items: readonly LogEvent[];
  readonly position: number;
  readonly hasMore: boolean;
}

/** Reads the alert log forward, for callers that ask again and again. */
@Injectable()
export class AlertFollowing {
  constructor(
    private readonly log: AlertLog,
    @Inject(AlertLogStore) private readonly store: AlertLogStore,
  ) {}

  /**
   * Matching events after an id, oldest first; without a gap, or not at all: throws the problem `position_lost` when
   * continuity cannot be proved, and StorageError.
   */
  async list(filter: AlertFilter, limit: number, resume: Resume): Promise<FollowingPage> {
    const start = await resumePosition(resume, this.log);
    if ('snapshot' in start) throw lost(start.snapshot);
    const matches = matcher(filter);
    const items: LogEvent[] = [];
    let position = start.after;
    for (let scanned = 0; scanned < SCANNED_EVENTS;) {
      const records = await this.store.read(position, READ_BATCH);
      for (const event of records.flatMap(({ events }) => events)) {
        if (event.id <= position) continue;
        if (event.id > position + 1) throw lost('trimmed_id');
        position = event.id;
        scanned += 1;
        if (!matches(event) || (filter.since !== undefined && event.at < filter.since)) continue;
        items.push(event);
        if (items.length === limit) return { items, position, hasMore: true };
      }
      if (records.length < READ_BATCH) return { items, position, hasMore: false };
    }
    return { items, position, hasMore: true };
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
    `${LOST[reason]} Read GET /api/v1/alerts/active, and go on after its position.`,
  );
}
