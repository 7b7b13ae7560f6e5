import type { AlertLog } from '../../alerting/log/alert-log.js';
import { isSilenced } from '../../domain/alerts/silence.js';
import type { PreparedMessage } from '../../domain/notifications/channel-progress.js';
import { IdRanges } from '../../domain/notifications/id-ranges.js';
import {
  DigestTally,
  type Notification,
  type NotifiableEvent,
} from '../../domain/notifications/notification.js';
import type { Routing } from '../../domain/notifications/routing.js';
import type { YieldingMutex } from '../../lib/mutex.js';
import type { Backlog, LaneQueue } from './backlog.js';
import type { ChannelLog } from './channel-log.js';
import { groupingOf, type Endpoint } from './destinations.js';
import type { Audience } from './notifier.js';

/** How many events that still fire a program gets in one reminder; the counts cover all of them. */
const LISTED = 50;
/** Contents kept: the destinations of a receiver send the same content one after another. */
const KEPT = 8;

/** The next message of a lane, if an event is left to send, and the clears whose raises are dead letters. */
export interface NextMessage {
  readonly message: PreparedMessage | undefined;
  readonly deadLettered: readonly NotifiableEvent[];
}

type Content = Pick<Notification, 'at' | 'digest' | 'events'>;

/**
 * Builds the messages of every destination, in two steps: {@link next} and {@link reminder} choose the events, by id, and
 * {@link render} reads these events from the log. Between the two a message is its ids, so that every attempt sends the
 * same events and never a text that the log holds no more. Throws StorageError.
 */
export class MessageBuilder {
  private readonly kept = new Map<string, Promise<Content | undefined>>();

  constructor(
    private readonly routing: Routing,
    private readonly log: ChannelLog,
    private readonly alerts: AlertLog,
    private readonly turns: YieldingMutex,
  ) {}

  /** Takes the events of the next message from a lane. After an error the backlog must be built anew. */
  next(endpoint: Endpoint, queue: LaneQueue, backlog: Backlog, now: number): Promise<NextMessage> {
    return this.turns.run(() => this.gather(endpoint, queue, backlog, now));
  }

  private async gather(
    { slug, channel }: Endpoint,
    queue: LaneQueue,
    backlog: Backlog,
    now: number,
  ): Promise<NextMessage> {
    const { maxEvents, isGroup } = groupingOf(channel.audience, queue.lane);
    const silences = this.alerts.silences();
    const [ids, deadLettered]: [IdRanges, NotifiableEvent[]] = [new IdRanges(), []];
    let [count, firstAt, last] = [0, now, 0];
    for await (const events of this.log.events(queue.pending)) {
      for (const event of events) {
        last = event.id;
        const decision = backlog.decide(event, isSilenced(event, silences, now));
        if (decision === 'dead-letter') deadLettered.push(event);
        if (decision !== 'send') continue;
        ids.add(event.id);
        firstAt = Math.min(firstAt, event.at);
        count += 1;
        if (count >= maxEvents) break;
      }
      if (count >= maxEvents) break;
    }
    // Ids that were passed without an event were trimmed from the log. The events that are left are younger.
    queue.pending.deleteTo(count >= maxEvents ? last : Infinity);
    if (queue.pending.isEmpty) queue.firstAt = undefined;
    if (ids.first === undefined) return { message: undefined, deadLettered };
    const id = `${slug}.${ids.first}${isGroup ? `-${ids.last ?? ids.first}` : ''}`;
    const message = { id, lane: queue.lane.key, kind: 'alerts', ids, isGroup, firstAt } as const;
    return { message, deadLettered };
  }

  /** What still fires of a lane, was sent at least `repeatMs` ago, and is neither acknowledged nor silenced. */
  reminder(
    { receiver, slug }: Endpoint,
    { lane }: LaneQueue,
    backlog: Backlog,
    now: number,
  ): PreparedMessage | undefined {
    const silences = this.alerts.silences();
    const pending = IdRanges.union(backlog.lanes.map((queue) => queue.pending));
    const due = this.alerts
      .active()
      .filter(
        (event) =>
          event.at <= now - lane.repeatMs &&
          event.id <= backlog.scanned &&
          !pending.has(event.id) &&
          backlog.wasNotified(event.id) &&
          this.routing.laneOf(event, receiver.name)?.key === lane.key &&
          this.alerts.acknowledgementOf(event.id) === undefined &&
          !isSilenced(event, silences, now),
      );
    if (due.length === 0) return undefined;
    const ids = new IdRanges();
    for (const { id } of due) ids.add(id);
    const id = `${slug}.reminder-${now}`;
    return { id, lane: lane.key, kind: 'reminder', ids, isGroup: true, firstAt: now };
  }

  /**
   * The notification of a message, from what the log holds now; undefined when it holds none of the events any more, or
   * none of a reminder fires any more.
   */
  async render(message: PreparedMessage, audience: Audience): Promise<Notification | undefined> {
    const { id, kind, isGroup } = message;
    const isShared = audience === 'people' && kind === 'alerts';
    const content = await (isShared ? this.shared(message) : this.content(message, audience));
    return content && { id, kind, isGroup, ...content };
  }

  private shared(message: PreparedMessage): Promise<Content | undefined> {
    const key = `${this.log.generation} ${message.ids.toString()}`;
    const content = this.kept.get(key) ?? this.content(message, 'people');
    this.kept.delete(key);
    this.kept.set(key, content);
    for (const [oldest] of this.kept) if (this.kept.size > KEPT) this.kept.delete(oldest);
    content.catch(() => this.kept.delete(key));
    return content;
  }

  private async content({ kind, ids }: PreparedMessage, audience: Audience): Promise<Content | undefined> {
    const tally = new DigestTally();
    const listed: NotifiableEvent[] = [];
    let at = -Infinity;
    for await (const events of this.log.events(ids))
      for (const event of events) {
        if (kind === 'reminder' && !this.log.isFiring(event.id)) continue;
        tally.add(event);
        at = Math.max(at, event.at);
        if (audience === 'program' && listed.length < LISTED) listed.push(event);
      }
    if (at === -Infinity) return undefined;
    return { at, digest: tally.digest, events: audience === 'program' ? listed : tally.named };
  }
}

/** A message that an operator asked for, to see whether a channel works. */
export function testNotification(id: string, at: number): Notification {
  return { id, kind: 'test', at, digest: new DigestTally().digest, events: [], isGroup: false };
}
