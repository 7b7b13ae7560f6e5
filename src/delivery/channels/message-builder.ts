import type { YieldingMutex } from '../../lib/mutex.js';
import type { AlertLog } from '../../alerting/log/alert-log.js';
import type { PreparedMessage } from '../../domain/notifications/channel-state.js';
import { IdRanges } from '../../domain/notifications/id-ranges.js';
import type { TellableEvent } from '../../domain/notifications/notification.js';
import type { Routing } from '../../domain/notifications/routing.js';
import { isSilenced } from '../../domain/alerts/silence.js';
import type { Backlog, LaneQueue } from './backlog.js';
import type { ChannelLog } from './log-cursor.js';
import { gatheringOf, type Endpoint } from './destinations.js';

/** A message, if anything is left to tell, and the clears whose raises are in dead letters. */
export interface Preparation {
  readonly message: PreparedMessage | undefined;
  readonly buried: readonly TellableEvent[];
}

/** Puts messages of one destination together. */
export class MessageBuilder {
  constructor(
    private readonly endpoint: Endpoint,
    private readonly routing: Routing,
    private readonly log: ChannelLog,
    private readonly alerts: AlertLog,
    private readonly turns: YieldingMutex,
  ) {}

  /** Takes from a lane what goes into its next message. After an error the backlog is to be built anew. */
  next(queue: LaneQueue, backlog: Backlog, now: number): Promise<Preparation> {
    return this.turns.run(() => this.gather(queue, backlog, now));
  }

  private async gather(queue: LaneQueue, backlog: Backlog, now: number): Promise<Preparation> {
    const { maxEvents, isGroup } = gatheringOf(this.endpoint.receiver, queue.lane);
    const silences = this.alerts.silences();
    const [told, buried]: [IdRanges, TellableEvent[]] = [new IdRanges(), []];
    let [count, firstAt, last] = [0, now, 0];
    for await (const events of this.log.events(queue.pending)) {
      for (const event of events) {
        last = event.id;
        const judgement = backlog.judge(event, isSilenced(event, silences, now));
        if (judgement === 'bury') buried.push(event);
        if (judgement !== 'tell') continue;
        told.add(event.id);
        firstAt = Math.min(firstAt, event.at);
        count += 1;
        if (count >= maxEvents) break;
      }
      if (count >= maxEvents) break;
    }
    // What was passed without being seen is in the log no more. What is left came later than the first.
    queue.pending.deleteTo(count >= maxEvents ? last : Infinity);
    if (queue.pending.isEmpty) queue.firstAt = undefined;
    if (told.first === undefined) return { message: undefined, buried };
    const id = `${this.endpoint.slug}.${told.first}${isGroup ? `-${told.last ?? told.first}` : ''}`;
    const message = {
      id,
      lane: queue.lane.key,
      kind: 'alerts',
      ids: told.toString(),
      isGroup,
      firstAt,
    } as const;
    return { message, buried };
  }

  /** What of a lane still fires, was told at least `repeatMs` ago, and is neither acknowledged nor silenced. */
  reminder({ lane }: LaneQueue, backlog: Backlog, now: number): PreparedMessage | undefined {
    const { receiver, slug } = this.endpoint;
    const silences = this.alerts.silences();
    const settled = IdRanges.union(backlog.lanes.map(({ pending }) => pending));
    const due = this.alerts
      .active()
      .filter(
        (event) =>
          event.at <= now - lane.repeatMs &&
          event.id <= backlog.scanned &&
          !settled.has(event.id) &&
          backlog.wasTold(event.id) &&
          this.routing.laneOf(event, receiver.name)?.key === lane.key &&
          this.alerts.acknowledgementOf(event.id) === undefined &&
          !isSilenced(event, silences, now),
      );
    if (due.length === 0) return undefined;
    const ids = new IdRanges();
    for (const { id } of due) ids.add(id);
    const id = `${slug}.reminder-${now}`;
    return { id, lane: lane.key, kind: 'reminder', ids: ids.toString(), isGroup: true, firstAt: now };
  }
}
