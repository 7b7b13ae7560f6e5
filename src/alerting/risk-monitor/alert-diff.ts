import type { AlertLog } from '../log/alert-log.js';
import type { Clock } from '../../lib/clock.js';
import type { AlertDecision } from '../../domain/alerts/alert.js';
import type { ChangedKeys } from '../../platform/events/event-map.js';
import type { Subjects } from '../../risk-monitor/subjects.js';

/** Entities read at once when they are named: so many that reading and judging overlap for most of the time. */
const READ_BATCH = 4_000;

/** Judges entities against what fires at the head of the log, and changes nothing. */
export class Judgement {
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
