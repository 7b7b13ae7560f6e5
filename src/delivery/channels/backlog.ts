import type { ChannelState } from '../../domain/notifications/channel-state.js';
import {
  readProgress,
  writeProgress,
  type PreparedMessage,
  type StoredProgress,
} from '../../domain/notifications/channel-progress.js';
import { IdRanges } from '../../domain/notifications/id-ranges.js';
import type { NotifiableEvent } from '../../domain/notifications/notification.js';
import type { Lane, Routing } from '../../domain/notifications/routing.js';

/** What waits in one lane. Times are milliseconds since 1970. */
export interface LaneQueue {
  readonly lane: Lane;
  readonly pending: IdRanges;
  /** When the first of the pending events was decided. */
  firstAt: number | undefined;
  /** The message in delivery: no later one of its lane overtakes it. */
  message: PreparedMessage | undefined;
}

/**
 * What happens to an event when its turn comes: it is sent, suppressed by a silence, dropped because its raise was not
 * sent, or dead-lettered because its raise is a dead letter.
 */
export type Decision = 'send' | 'suppress' | 'drop' | 'dead-letter';

/** The lane of events that no route accepts any more. */
const LEFTOVER: Lane = { key: '', groupWindowMs: 0, repeatMs: 0, quiet: undefined };

/**
 * The events that one destination has not settled yet, by lane, and the raises that it was or was not notified of. It is
 * in memory, and is rebuilt from the state of the destination and the log.
 */
export class Backlog {
  private readonly queues = new Map<string, LaneQueue>();
  private readonly done: IdRanges;
  private readonly since: number;
  private position: number;
  readonly suppressed: IdRanges;
  readonly deadLettered: IdRanges;
  readonly notifiedByOldRoutes: IdRanges;
  readonly neverNotified: IdRanges;

  /** Throws RangeError for a state whose sets are none. */
  constructor(
    state: ChannelState,
    private readonly routing: Routing,
    private readonly receiver: string,
  ) {
    const { cursor, done, prepared, ...sets } = readProgress(state);
    this.since = state.since;
    this.position = cursor;
    this.suppressed = sets.suppressed;
    this.deadLettered = sets.deadLettered;
    this.notifiedByOldRoutes = sets.notifiedByOldRoutes;
    this.neverNotified = sets.neverNotified;
    const inDelivery = prepared.filter(({ kind }) => kind === 'alerts');
    this.done = IdRanges.union([done, ...inDelivery.map(({ ids }) => ids)]);
    if (!this.notifiedByOldRoutes.isEmpty) this.queueOf(LEFTOVER);
    for (const lane of routing.lanesOf(receiver)) this.queueOf(lane);
    for (const message of prepared) this.queueOf(this.laneWith(message.lane)).message = message;
  }

  /** Every event up to this id was offered. */
  get scanned(): number {
    return this.position;
  }

  /** The lanes, in the order of the routes; none is added later. */
  get lanes(): readonly LaneQueue[] {
    return [...this.queues.values()];
  }

  /** How many runs of ids are pending: memory and writes grow with it. */
  get runCount(): number {
    return this.lanes.reduce((sum, { pending }) => sum + pending.runCount, 0);
  }

  /** Takes the next event of the log: it waits in its lane, or is not for this destination. */
  offer(event: NotifiableEvent): void {
    this.position = Math.max(this.position, event.id);
    if (!this.done.has(event.id)) this.enqueue(event);
  }

  /** Marks every event up to this id as offered. */
  passTo(id: number): void {
    this.position = Math.max(this.position, id);
  }

  /** Puts an event into its lane, however old the event is. */
  enqueue(event: NotifiableEvent): void {
    const isFollowing = event.kind === 'cleared' && this.notifiedByOldRoutes.has(event.raisedId);
    const lane = this.routing.laneOf(event, this.receiver) ?? (isFollowing ? LEFTOVER : undefined);
    if (lane === undefined) return;
    const queue = this.queueOf(lane);
    queue.pending.add(event.id);
    queue.firstAt = Math.min(queue.firstAt ?? Infinity, event.at);
  }

  /**
   * Decides on an event whose turn has come, and remembers the decision. A clear is sent only where its raise was sent,
   * and then whatever is silenced by that time.
   */
  decide(event: NotifiableEvent, isSilenced: boolean): Decision {
    if (event.kind === 'raised') {
      if (!isSilenced) return 'send';
      this.suppressed.add(event.id);
      return 'suppress';
    }
    const { raisedId } = event;
    const wasNotified = this.wasNotified(raisedId);
    const wasDeadLettered = this.deadLettered.has(raisedId);
    for (const set of [this.suppressed, this.deadLettered, this.notifiedByOldRoutes, this.neverNotified])
      set.delete(raisedId);
    if (wasDeadLettered) return 'dead-letter';
    return wasNotified ? 'send' : 'drop';
  }

  /** Whether the destination was notified of a raise that its routes accept and that is settled. */
  wasNotified(raisedId: number): boolean {
    if (this.notifiedByOldRoutes.has(raisedId)) return true;
    const sets = [this.suppressed, this.deadLettered, this.neverNotified];
    return raisedId > this.since && !sets.some((set) => set.has(raisedId));
  }

  /** The progress as it is stored. Messages in delivery are not settled; groups are kept as they were put together. */
  stored(): StoredProgress {
    const messages = this.lanes.flatMap(({ message }) => (message ? [message] : []));
    const inDelivery = messages.flatMap(({ kind, ids }) => (kind === 'alerts' ? [ids] : []));
    const waiting = IdRanges.union([...this.lanes.map(({ pending }) => pending), ...inDelivery]);
    const cursor = waiting.first === undefined ? this.scanned : Math.min(waiting.first - 1, this.scanned);
    const { suppressed, deadLettered, notifiedByOldRoutes, neverNotified } = this;
    return writeProgress({
      cursor,
      done: IdRanges.complement(waiting, cursor, this.scanned),
      ...{ suppressed, deadLettered, notifiedByOldRoutes, neverNotified },
      prepared: messages.filter(({ isGroup }) => isGroup),
    });
  }

  private laneWith(key: string): Lane {
    return this.queues.get(key)?.lane ?? { ...LEFTOVER, key };
  }

  private queueOf(lane: Lane): LaneQueue {
    let queue = this.queues.get(lane.key);
    if (queue === undefined) {
      queue = { lane, pending: new IdRanges(), firstAt: undefined, message: undefined };
      this.queues.set(lane.key, queue);
    }
    return queue;
  }
}
