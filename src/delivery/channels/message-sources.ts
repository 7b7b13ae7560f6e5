import type { ChannelState, DeadLetter } from '../../domain/notifications/channel-state.js';
import { readMessage, type PreparedMessage } from '../../domain/notifications/channel-progress.js';
import { afterQuiet } from '../../domain/notifications/quiet-hours.js';
import type { ZonedTime } from '../../lib/zoned-time.js';
import { failpoint } from '../../lib/failpoints.js';
import type { Backlog, LaneQueue } from './backlog.js';
import type { ChannelLease } from './channel-lease.js';
import type { ChannelLog } from './channel-log.js';
import type { DeadLetters } from './dead-letters.js';
import { groupingOf, type Endpoint } from './destinations.js';
import type { MessageBuilder } from './message-builder.js';

/** Where the messages of one destination come from: one of its lanes, or its dead letters. */
export interface MessageSource {
  /** The lowest id of an event that waits; Infinity where none does. */
  readonly first: number;

  /** Milliseconds until there may be a message, at the time of day `now`; 0: there may be one; Infinity: not by itself. */
  waitMs(now: number): number;

  /** The next message to deliver, the same until it is settled; undefined when there is none after all. */
  next(now: number): Promise<PreparedMessage | undefined>;

  /** Settles a message that was delivered, or that has no event left to send. Writes `change` with it, durably. */
  settle(message: PreparedMessage, change: Partial<ChannelState>): Promise<void>;

  /** Settles a message that is not tried again: it becomes a dead letter. Durable. */
  giveUp(message: PreparedMessage, reason: string, change: Partial<ChannelState>): Promise<void>;
}

/** What the sources of one destination share. */
export interface SourceContext {
  readonly endpoint: Endpoint;
  readonly backlog: Backlog;
  readonly lease: ChannelLease;
  readonly builder: MessageBuilder;
  readonly letters: DeadLetters;
  readonly log: ChannelLog;
  readonly zone: ZonedTime;
}

/** The messages of one lane: grouped for a while, held back in quiet hours, and reminders of what still fires. */
export class LaneSource implements MessageSource {
  /** `since`: from when reminders are counted where none was sent yet; milliseconds since 1970. */
  constructor(
    private readonly queue: LaneQueue,
    private readonly context: SourceContext,
    private readonly since: number,
  ) {}

  get first(): number {
    const { message, pending } = this.queue;
    return (message?.ids ?? pending).first ?? Infinity;
  }

  waitMs(now: number): number {
    const { message, pending, lane } = this.queue;
    if (message !== undefined) return this.untilLoud(now, now);
    const reminder = lane.repeatMs === 0 ? Infinity : this.untilLoud(this.remindedAt + lane.repeatMs, now);
    return pending.isEmpty ? reminder : Math.min(reminder, this.untilLoud(this.groupedAt(now), now));
  }

  async next(now: number): Promise<PreparedMessage | undefined> {
    const { queue } = this;
    if (queue.message) return queue.message;
    if (!queue.pending.isEmpty && this.groupedAt(now) <= now) return this.gather(now);
    return this.remind(now);
  }

  async settle(_: PreparedMessage, change: Partial<ChannelState>): Promise<void> {
    this.queue.message = undefined;
    await this.context.lease.write({ ...this.context.backlog.stored(), ...change });
  }

  async giveUp(message: PreparedMessage, reason: string, change: Partial<ChannelState>): Promise<void> {
    const { letters, log, backlog } = this.context;
    if (message.kind === 'alerts') {
      await letters.add(message, reason);
      for await (const events of log.events(message.ids))
        for (const event of events) if (event.kind === 'raised') backlog.deadLettered.add(event.id);
    }
    await this.settle(message, change);
  }

  private get remindedAt(): number {
    return this.context.lease.record.remindedAt[this.queue.lane.key] ?? this.since;
  }

  private async gather(now: number): Promise<PreparedMessage | undefined> {
    const { context, queue } = this;
    const { endpoint, backlog, builder, letters, lease } = context;
    const { message, deadLettered } = await builder.next(endpoint, queue, backlog, now);
    const { isGroup } = groupingOf(endpoint.channel.audience, queue.lane);
    for (const clear of deadLettered) await letters.addClear(clear, queue.lane.key, isGroup);
    queue.message = message;
    // A single event makes the same message again after a restart; a group would not, so it is stored first.
    if (message?.isGroup === true || deadLettered.length > 0) await lease.write(backlog.stored());
    if (message?.isGroup === true) failpoint('channel.prepared');
    return message;
  }

  private async remind(now: number): Promise<PreparedMessage | undefined> {
    const { lane } = this.queue;
    const { endpoint, lease, backlog, builder } = this.context;
    if (lane.repeatMs === 0 || this.remindedAt + lane.repeatMs > now) return undefined;
    const message = builder.reminder(endpoint, this.queue, backlog, now);
    this.queue.message = message;
    const remindedAt = { ...lease.record.remindedAt, [lane.key]: now };
    await lease.write({ ...backlog.stored(), remindedAt });
    return message;
  }

  /** When the group window of the pending events ends. Clocks of instances differ: no event counts as younger than now. */
  private groupedAt(now: number): number {
    const { windowMs } = groupingOf(this.context.endpoint.channel.audience, this.queue.lane);
    return Math.min(this.queue.firstAt ?? now, now) + windowMs;
  }

  private untilLoud(due: number, now: number): number {
    return afterQuiet(Math.max(due, now), this.queue.lane.quiet, this.context.zone) - now;
  }
}

/** The dead letters that an operator wants sent again, in the order of their events. */
export class RedriveSource implements MessageSource {
  /** New events go first: dead letters wait for them. */
  readonly first = Infinity;
  private letter: DeadLetter | undefined;
  private after: string | undefined;

  constructor(private readonly context: Pick<SourceContext, 'lease' | 'letters' | 'backlog'>) {}

  waitMs(): number {
    return this.context.lease.record.redrive === undefined ? Infinity : 0;
  }

  async next(): Promise<PreparedMessage | undefined> {
    const { lease } = this.context;
    const { redrive } = lease.record;
    if (redrive === undefined) return undefined;
    this.letter ??= await this.find(redrive.before, redrive.letter);
    if (this.letter !== undefined) return readMessage(this.letter);
    this.after = undefined;
    await lease.write({ redrive: undefined });
    return undefined;
  }

  async settle(message: PreparedMessage, change: Partial<ChannelState>): Promise<void> {
    const { lease, letters, backlog } = this.context;
    // The raises are sent now, so their clears are sent as usual.
    for (const id of message.ids) backlog.deadLettered.delete(id);
    await lease.write({ ...backlog.stored(), ...change });
    if (this.letter) await letters.remove(this.letter);
    this.goOn();
  }

  async giveUp(message: PreparedMessage, reason: string, change: Partial<ChannelState>): Promise<void> {
    const { lease, letters } = this.context;
    await letters.add(message, reason);
    await lease.write(change);
    this.goOn();
  }

  private goOn(): void {
    this.after = this.letter?.key;
    this.letter = undefined;
  }

  private async find(before: number, key: string | undefined): Promise<DeadLetter | undefined> {
    const { letters } = this.context;
    if (key === undefined) return letters.following(this.after, before);
    return this.after === undefined ? letters.get(key) : undefined;
  }
}
