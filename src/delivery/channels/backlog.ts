import type { PreparedMessage, ChannelState } from '../../domain/notifications/channel-state.js';
import { IdRanges } from '../../domain/notifications/id-ranges.js';
import type { TellableEvent } from '../../domain/notifications/notification.js';
import type { Lane, Routing } from '../../domain/notifications/routing.js';

/** What waits in one lane. Times are milliseconds since 1970. */
export interface LaneQueue {
  readonly lane: Lane;
  readonly pending: IdRanges;
  /** When the first of what is pending was decided. */
  firstAt: number | undefined;
  /** What is being delivered: nothing overtakes it in its lane. */
  message: PreparedMessage | undefined;
}

/** What of a state the backlog says. */
export type Progress = Pick<
  ChannelState,
  'cursor' | 'done' | 'untold' | 'buried' | 'toldBefore' | 'neverTold' | 'prepared'
>;

/** What became of an event when its turn came. */
export type AlertDiff = 'tell' | 'withhold' | 'drop' | 'bury';

/** The lane of what no route accepts any more. */
const LEFTOVER: Lane = { key: '', groupWindowMs: 0, repeatMs: 0, quiet: undefined };

/**
 * What one destination has not been told yet, by lane, and of whom it was told what: in memory, and to be rebuilt from
 * its state and the log.
 */
export class Backlog {
  private readonly queues = new Map<string, LaneQueue>();
  private readonly done: IdRanges;
  private readonly since: number;
  private position: number;
  readonly untold: IdRanges;
  readonly buried: IdRanges;
  readonly toldBefore: IdRanges;
  readonly neverTold: IdRanges;

  constructor(
    state: ChannelState,
    private readonly routing: Routing,
    private readonly receiver: string,
  ) {
    this.since = state.since;
    this.position = state.cursor;
    this.untold = IdRanges.parse(state.untold);
    this.buried = IdRanges.parse(state.buried);
    this.toldBefore = IdRanges.parse(state.toldBefore);
    this.neverTold = IdRanges.parse(state.neverTold);
    const inHand = state.prepared.filter(({ kind }) => kind === 'alerts');
    this.done = IdRanges.union(
      [state.done, ...inHand.map(({ ids }) => ids)].map((text) => IdRanges.parse(text)),
    );
    if (!this.toldBefore.isEmpty) this.queueOf(LEFTOVER);
    for (const lane of routing.lanesOf(receiver)) this.queueOf(lane);
    for (const message of state.prepared) this.queueOf(this.laneWith(message.lane)).message = message;
  }

  /** Every event up to here was looked at. */
  get scanned(): number {
    return this.position;
  }

  /** The lanes, in the order of the routes; none is added later. */
  get lanes(): readonly LaneQueue[] {
    return [...this.queues.values()];
  }

  /** How many runs of ids wait: what keeping and writing them costs. */
  get runCount(): number {
    return this.lanes.reduce((sum, { pending }) => sum + pending.runCount, 0);
  }

  /** Looks at the next event: it waits in its lane, or is not for this destination. */
  offer(event: TellableEvent): void {
    this.position = Math.max(this.position, event.id);
    if (!this.done.has(event.id)) this.enqueue(event);
  }

  /** What lies up to here needs no look any more. */
  passTo(id: number): void {
    this.position = Math.max(this.position, id);
  }

  /** Has an event wait, however old it is. */
  enqueue(event: TellableEvent): void {
    const isFollowing = event.kind === 'cleared' && this.toldBefore.has(event.raisedId);
    const lane = this.routing.laneOf(event, this.receiver) ?? (isFollowing ? LEFTOVER : undefined);
    if (lane === undefined) return;
    const queue = this.queueOf(lane);
    queue.pending.add(event.id);
    queue.firstAt = Math.min(queue.firstAt ?? Infinity, event.at);
  }

  /**
   * Decides on an event whose turn has come, and remembers it. Nothing is said to be over to who was not told that it
   * began, and a clear is told whatever is silenced by then.
   */
  judge(event: TellableEvent, isSilenced: boolean): AlertDiff {
    if (event.kind === 'raised') {
      if (!isSilenced) return 'tell';
      this.untold.add(event.id);
      return 'withhold';
    }
    const { raisedId } = event;
    const wasTold = this.wasTold(raisedId);
    const wasBuried = this.buried.has(raisedId);
    for (const set of [this.untold, this.buried, this.toldBefore, this.neverTold]) set.delete(raisedId);
    if (wasBuried) return 'bury';
    return wasTold ? 'tell' : 'drop';
  }

  /** Whether the destination was told of a raise that its routes accept and that is settled. */
  wasTold(raisedId: number): boolean {
    if (this.toldBefore.has(raisedId)) return true;
    const sets = [this.untold, this.buried, this.neverTold];
    return raisedId > this.since && !sets.some((set) => set.has(raisedId));
  }

  /** How far it has come, as it stands in a state. Messages in hand are not settled; those that were gathered are kept. */
  progress(): Progress {
    const messages = this.lanes.flatMap(({ message }) => (message ? [message] : []));
    const inHand = messages.flatMap(({ kind, ids }) => (kind === 'alerts' ? [ids] : []));
    const waiting = IdRanges.union([
      ...this.lanes.map(({ pending }) => pending),
      ...inHand.map((ids) => IdRanges.parse(ids)),
    ]);
    const cursor = waiting.first === undefined ? this.scanned : Math.min(waiting.first - 1, this.scanned);
    return {
      cursor,
      done: IdRanges.complement(waiting, cursor, this.scanned).toString(),
      untold: this.untold.toString(),
      buried: this.buried.toString(),
      toldBefore: this.toldBefore.toString(),
      neverTold: this.neverTold.toString(),
      prepared: messages.filter(({ isGroup }) => isGroup),
    };
  }

  private laneWith(key: string): Lane {
    return this.queues.get(key)?.lane ?? { ...LEFTOVER, key };
  }

  private queueOf(lane: Lane): LaneQueue {
    let queue = this.queues.get(lane.key);
    if (queue === undefined) {
      queue = {
        lane,
        pending: new IdRanges(),
        firstAt: undefined,
        message: undefined,
      };
      this.queues.set(lane.key, queue);
    }
    return queue;
  }
}
