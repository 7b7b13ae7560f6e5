import { Logger } from '@nestjs/common';
import type { AlertLog } from '../../alerting/log/alert-log.js';
import type { Clock } from '../../lib/clock.js';
import type { YieldingMutex } from '../../lib/mutex.js';
import type { PreparedMessage } from '../../domain/notifications/channel-state.js';
import { isSilenced, nextSilenceChange } from '../../domain/alerts/silence.js';
import { crashPoint } from '../../lib/failpoints.js';
import type { ChannelMetrics } from './channel-metrics.js';
import type { Backlog } from './backlog.js';
import type { ChannelLog } from './log-cursor.js';
import { type Endpoint, DestinationGone } from './destinations.js';
import type { MessageRenderer } from './message-renderer.js';
import type { MessageSource } from './message-source.js';
import type { Failed } from './notifier.js';
import { RetrySchedule } from './retry-schedule.js';
import type { ChannelLease } from './channel-lease.js';
import { setTimeout as delay } from 'node:timers/promises';
import { isAbort } from '../../lib/abort.js';

/** A backlog in more pieces than this waits in the log: what is told one by one is written down with every message. */
const MAX_RUNS = { program: 2_000, people: 200_000 };
/** A position that moved without a message is written down after so many events, or so many milliseconds. */
const UNKEPT_EVENTS = 1_000;
const UNKEPT_MS = 10_000;

export interface WorkerParts {
  readonly endpoint: Endpoint;
  readonly keeper: ChannelLease;
  readonly backlog: Backlog;
  /** In the order of the routes; dead letters last. */
  readonly sources: readonly MessageSource[];
  readonly log: ChannelLog;
  readonly rendering: MessageRenderer;
  readonly turns: YieldingMutex;
  readonly alerts: AlertLog;
  readonly clock: Clock;
  readonly metrics: ChannelMetrics;
  /** The destination has said that it is gone. Answers whether it is forgotten. */
  readonly gone: () => Promise<boolean>;
  /** From 0 to 1. */
  readonly random: () => number;
}

/**
 * Works one destination: reads the log on, and delivers what is due, one message at a time; a source whose message
 * fails waits and holds up no other. Whoever gets an error from it must not use it again: what is durable is right, and
 * what is in memory may not be.
 */
export class ChannelWorker {
  private readonly logger = new Logger(ChannelWorker.name);
  private readonly schedule: RetrySchedule;
  private keptAt: number;
  private silencesSeen = '';
  private silencesUntil = Infinity;

  constructor(private readonly parts: WorkerParts) {
    this.schedule = new RetrySchedule(parts.clock, parts.random);
    this.keptAt = parts.clock.monotonic();
  }

  /**
   * Does all that is due; resolves to the milliseconds until there may be more, Infinity where only new events or people
   * bring it. Ends after the message under way once `isStopping` says so. Throws StorageError, NotOurs,
   * DestinationGone, and an abort.
   */
  async step(signal: AbortSignal, isStopping: () => boolean = () => false): Promise<number> {
    const { keeper } = this.parts;
    for (;;) {
      if (keeper.state.stopped || isStopping()) return Infinity;
      signal.throwIfAborted();
      await this.scan();
      this.releaseUnsilenced();
      const source = this.nextDue();
      if (source === undefined) break;
      await this.serve(source, signal);
    }
    return Math.min(await this.keepPosition(), this.untilSilencesChange(), this.untilDue());
  }

  /** Programs get events in the order of the log as far as lanes allow; for people the first routes go first. */
  private nextDue(): MessageSource | undefined {
    const { sources, endpoint } = this.parts;
    const due = sources.filter((source) => this.schedule.waitFor(source) <= 0);
    if (endpoint.receiver.kind !== 'webhook') return due[0];
    return due.reduce<MessageSource | undefined>(
      (best, source) => (best === undefined || source.first < best.first ? source : best),
      undefined,
    );
  }

  private async scan(): Promise<void> {
    const { backlog, endpoint, log, turns } = this.parts;
    const most = MAX_RUNS[endpoint.receiver.kind === 'webhook' ? 'program' : 'people'];
    while (backlog.runCount < most && backlog.scanned < log.head)
      if (!(await turns.run(() => this.scanStretch()))) return;
  }

  /** Answers whether there was any. */
  private async scanStretch(): Promise<boolean> {
    const { log, backlog } = this.parts;
    const stretch = await log.after(backlog.scanned);
    if (stretch === undefined) return false;
    if (stretch.lost > 0) this.passLost(backlog.scanned, stretch.lost);
    for (const event of stretch.events)
      if (event.kind === 'raised' || event.kind === 'cleared') backlog.offer(event);
    backlog.passTo(stretch.upTo);
    return true;
  }

  /** What was trimmed before its turn came can only be told as far as it still fires. */
  private passLost(after: number, lost: number): void {
    const { alerts, backlog, endpoint, metrics } = this.parts;
    this.logger.error(`${endpoint.slug}: ${lost} events were past their retention before they could be told`);
    metrics.lost(endpoint.receiver, lost);
    for (const raised of alerts.active())
      if (raised.id > after && raised.id <= after + lost) backlog.offer(raised);
  }

  /** What was withheld and still fires is told once no silence covers it any more. */
  private releaseUnsilenced(): void {
    const { alerts, backlog, clock } = this.parts;
    const now = clock.now();
    const silences = alerts.silences();
    const seen = silences.map(({ silenceId, endsAt }) => `${silenceId} ${endsAt}`).join();
    if (seen === this.silencesSeen && now < this.silencesUntil) return;
    this.silencesSeen = seen;
    this.silencesUntil = nextSilenceChange(silences, now) ?? Infinity;
    for (const id of [...backlog.untold]) {
      const raised = alerts.findById(id);
      if (raised === undefined || isSilenced(raised, silences, now)) continue;
      backlog.untold.delete(id);
      backlog.enqueue(raised);
    }
  }

  private async serve(source: MessageSource, signal: AbortSignal): Promise<void> {
    const { endpoint, clock } = this.parts;
    const message = await source.next(clock.now());
    if (message === undefined) return;
    const audience = endpoint.receiver.kind === 'webhook' ? 'program' : 'people';
    const notification = await this.parts.rendering.render(message, audience);
    if (notification === undefined) {
      await source.settle(message, {});
      return;
    }
    this.schedule.pause(endpoint.channel.pauseMs);
    const delivery = await endpoint.channel.deliver(notification, signal);
    crashPoint('channel.sent');
    this.parts.metrics.attempted(endpoint.receiver, delivery.outcome);
    if (delivery.outcome === 'delivered') await this.succeed(source, message);
    else await this.fail(source, message, delivery);
  }

  private async succeed(source: MessageSource, message: PreparedMessage): Promise<void> {
    const { keeper, endpoint, clock } = this.parts;
    const { state } = keeper;
    if (state.failingSince !== undefined) this.logger.log(`${endpoint.slug}: messages arrive again`);
    this.schedule.settled(source);
    await source.settle(message, {
      delivered: state.delivered + 1,
      lastDeliveredAt: clock.now(),
      failingSince: undefined,
    });
  }

  private async fail(source: MessageSource, message: PreparedMessage, delivery: Failed): Promise<void> {
    const { keeper, endpoint, clock } = this.parts;
    const { retryable, reason, retryAfterMs = 0, isGone = false } = delivery;
    const now = clock.now();
    const failingSince = keeper.state.failingSince ?? now;
    const change = { failingSince, lastError: { at: now, reason } };
    if (keeper.state.lastError?.reason !== reason || keeper.state.failingSince === undefined)
      this.logger.warn(`${endpoint.slug}: a message did not arrive: ${reason}`);
    if (isGone) {
      if (await this.parts.gone()) throw new DestinationGone();
      await keeper.write({ ...change, stopped: { at: now, reason } });
      return;
    }
    const age = now - Math.max(failingSince, message.firstAt);
    if (!retryable || age >= endpoint.receiver.giveUpMs) {
      this.schedule.settled(source);
      await source.giveUp(message, reason, { ...change, ...(retryable ? {} : { failingSince: undefined }) });
      this.parts.metrics.buried(endpoint.receiver);
      return;
    }
    this.schedule.retry(source, endpoint.receiver.retryMaxMs, retryAfterMs);
    await keeper.write(change);
  }

  private untilDue(): number {
    return Math.min(...this.parts.sources.map((source) => this.schedule.waitFor(source)));
  }

  private untilSilencesChange(): number {
    if (this.parts.backlog.untold.isEmpty) return Infinity;
    return Math.max(0, this.silencesUntil - this.parts.clock.now());
  }

  /** Writes the position down now and then where no message does; answers when to look again. */
  private async keepPosition(): Promise<number> {
    const { keeper, backlog, clock } = this.parts;
    const progress = backlog.progress();
    const moved = progress.cursor - keeper.state.cursor;
    const elapsed = clock.monotonic() - this.keptAt;
    if (moved <= 0) return Infinity;
    if (moved < UNKEPT_EVENTS && elapsed < UNKEPT_MS) return UNKEPT_MS - elapsed;
    await keeper.write(progress);
    this.keptAt = clock.monotonic();
    return Infinity;
  }
}

/** It looks again at the latest after this long, whatever it was told: milliseconds. */
const LONGEST_SLEEP_MS = 60_000;
/** An attempt under way at a stop may end within this time; cut off, it might be made twice. */
const GRACE_MS = 3_000;

/** Has a worker do what is due, whenever something is. */
export class ChannelLoop {
  private readonly aborting = new AbortController();
  private sleeping = new AbortController();
  private isStopping = false;
  private isWoken = false;
  private running: Promise<void> = Promise.resolve();

  /** `onError` is told once why the worker can go on no more; its loop has ended then. */
  constructor(
    private readonly worker: ChannelWorker,
    private readonly onError: (error: unknown) => void,
  ) {}

  start(): void {
    this.running = this.run();
  }

  /** There may be something to do. */
  wake(): void {
    this.isWoken = true;
    this.sleeping.abort();
  }

  /** Resolves when nothing is under way and nothing follows. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.wake();
    const grace = setTimeout(() => this.aborting.abort(), GRACE_MS);
    await this.running;
    clearTimeout(grace);
  }

  private async run(): Promise<void> {
    try {
      while (!this.isStopping) {
        this.isWoken = false;
        this.sleeping = new AbortController();
        const wait = await this.worker.step(this.aborting.signal, () => this.isStopping);
        await this.sleep(wait);
      }
    } catch (error) {
      if (!isAbort(error) || !this.isStopping) this.onError(error);
    }
  }

  private async sleep(ms: number): Promise<void> {
    if (this.isWoken || ms <= 0) return;
    try {
      await delay(Math.min(ms, LONGEST_SLEEP_MS), undefined, { signal: this.sleeping.signal, ref: false });
    } catch {
      // Woken: the only way it rejects.
    }
  }
}
