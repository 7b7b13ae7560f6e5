import type { ChannelState, PreparedMessage } from '../../domain/notifications/channel-state.js';
import { IdRanges } from '../../domain/notifications/id-ranges.js';
import { afterQuiet } from '../../domain/notifications/quiet-hours.js';
import type { ZonedTime } from '../../lib/zoned-time.js';
import { crashPoint } from '../../lib/failpoints.js';
import type { Backlog, LaneQueue } from './backlog.js';
import type { ChannelLog } from './log-cursor.js';
import type { DeadLetters } from './dead-letters.js';
import { gatheringOf, type Endpoint } from './destinations.js';
import type { MessageBuilder } from './message-builder.js';
import type { MessageSource } from './message-source.js';
import type { ChannelLease } from './channel-lease.js';

/** What the lanes of one destination share. */
export interface LaneContext {
  readonly endpoint: Endpoint;
  readonly backlog: Backlog;
  readonly keeper: ChannelLease;
  readonly preparation: MessageBuilder;
  readonly letters: DeadLetters;
  readonly log: ChannelLog;
  readonly zone: ZonedTime;
}

/** The messages of one lane: gathered for a while, held back in quiet hours, and reminders of what still fires. */
export class LaneSource implements MessageSource {
  /** `since`: from when reminders are counted where none was sent yet. */
  constructor(
    private readonly queue: LaneQueue,
    private readonly context: LaneContext,
    private readonly since: number,
  ) {}

  get first(): number {
    const { message, pending } = this.queue;
    const ids = message === undefined ? pending : IdRanges.parse(message.ids);
    return ids.first ?? Infinity;
  }

  waitMs(now: number): number {
    const { message, pending, lane } = this.queue;
    if (message !== undefined) return this.untilLoud(now, now);
    const reminder = lane.repeatMs === 0 ? Infinity : this.untilLoud(this.remindedAt + lane.repeatMs, now);
    return pending.isEmpty ? reminder : Math.min(reminder, this.untilLoud(this.gatheredAt(now), now));
  }

  async next(now: number): Promise<PreparedMessage | undefined> {
    const { queue } = this;
    if (queue.message) return queue.message;
    if (!queue.pending.isEmpty && this.gatheredAt(now) <= now) return this.gather(now);
    return this.remind(now);
  }

  async settle(_: PreparedMessage, change: Partial<ChannelState>): Promise<void> {
    this.queue.message = undefined;
    await this.context.keeper.write({ ...this.context.backlog.progress(), ...change });
  }

  async giveUp(message: PreparedMessage, reason: string, change: Partial<ChannelState>): Promise<void> {
    const { letters, log, backlog } = this.context;
    if (message.kind === 'alerts') {
      await letters.bury(message, reason);
      for await (const events of log.events(IdRanges.parse(message.ids)))
        for (const event of events) if (event.kind === 'raised') backlog.buried.add(event.id);
    }
    await this.settle(message, change);
  }

  private get remindedAt(): number {
    return this.context.keeper.state.remindedAt[this.queue.lane.key] ?? this.since;
  }

  private async gather(now: number): Promise<PreparedMessage | undefined> {
    const { context, queue } = this;
    const { message, buried } = await context.preparation.next(queue, context.backlog, now);
    const { isGroup } = gatheringOf(context.endpoint.receiver, queue.lane);
    for (const clear of buried) await context.letters.buryClear(clear, queue.lane.key, isGroup);
    queue.message = message;
    // One event a call is made the same way again; what was gathered would not be.
    if (message?.isGroup === true || buried.length > 0)
      await context.keeper.write(context.backlog.progress());
    if (message?.isGroup === true) crashPoint('channel.prepared');
    return message;
  }

  private async remind(now: number): Promise<PreparedMessage | undefined> {
    const { lane } = this.queue;
    const { keeper, backlog, preparation } = this.context;
    if (lane.repeatMs === 0 || this.remindedAt + lane.repeatMs > now) return undefined;
    const message = preparation.reminder(this.queue, backlog, now);
    this.queue.message = message;
    const remindedAt = { ...keeper.state.remindedAt, [lane.key]: now };
    await keeper.write({ ...backlog.progress(), remindedAt });
    return message;
  }

  /** When what is pending has waited long enough. Clocks of instances differ: nothing was decided in the future. */
  private gatheredAt(now: number): number {
    const { windowMs } = gatheringOf(this.context.endpoint.receiver, this.queue.lane);
    return Math.min(this.queue.firstAt ?? now, now) + windowMs;
  }

  private untilLoud(due: number, now: number): number {
    return afterQuiet(Math.max(due, now), this.queue.lane.quiet, this.context.zone) - now;
  }
}
