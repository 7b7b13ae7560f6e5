import { Logger } from '@nestjs/common';
import type { AlertLog } from '../../alerting/log/alert-log.js';
import type { Clock } from '../../lib/clock.js';
import type { YieldingMutex } from '../../lib/mutex.js';
import type { PreparedMessage } from '../../domain/notifications/channel-progress.js';
import { isSilenced, nextSilenceChange } from '../../domain/alerts/silence.js';
import { failpoint } from '../../lib/failpoints.js';
import type { ChannelMetrics } from './channel-metrics.js';
import type { Backlog } from './backlog.js';
import type { ChannelLog } from './channel-log.js';
import { type Endpoint, DestinationGone } from './destinations.js';
import type { MessageBuilder } from './message-builder.js';
import type { MessageSource } from './message-sources.js';
import type { Failed } from './notifier.js';
import { RetrySchedule, verdictOn } from './retry-schedule.js';
import type { ChannelLease } from './channel-lease.js';
import { setTimeout as delay } from 'node:timers/promises';
import { isAbort } from '../../lib/abort.js';

/** Pending runs of ids in memory; further events wait in the log. Programs get single events, and a write with each. */
const MAX_RUNS = { program: 2_000, people: 200_000 };
/** A cursor that moved without a message is stored after so many events, or so many milliseconds. */
const UNSTORED_EVENTS = 1_000;
const UNSTORED_MS = 10_000;

export interface WorkerParts {
  readonly endpoint: Endpoint;
  readonly lease: ChannelLease;
  readonly backlog: Backlog;
  /** In the order of the routes; dead letters last. */
  readonly sources: readonly MessageSource[];
  readonly log: ChannelLog;
  readonly builder: MessageBuilder;
  readonly turns: YieldingMutex;
  readonly alerts: AlertLog;
  readonly clock: Clock;
  readonly metrics: ChannelMetrics;
  /** Forgets the destination, which is gone. Returns false where it waits for an operator instead. */
  readonly forget: () => Promise<boolean>;
  /** From 0 to 1. */
  readonly random: () => number;
}

/**
 * Serves one destination: runs the stages that `pipeline.ts` lists, and delivers what is due, one message at a time. A
 * source whose message fails waits, and delays no other. After an error it must not be used again: the stored state is
 * right, and the one in memory may not be.
 */
export class ChannelWorker {
  private readonly logger = new Logger(ChannelWorker.name);
  private readonly schedule: RetrySchedule;
  private storedAt: number;
  private silencesSeen = '';
  private silencesUntil = Infinity;

  constructor(private readonly parts: WorkerParts) {
    this.schedule = new RetrySchedule(parts.clock, parts.random);
    this.storedAt = parts.clock.monotonic();
  }

  /**
   * Does everything that is due. Resolves to the milliseconds until there may be more, Infinity where only new events or
   * operators bring more. Ends after the message under way once `isStopping` returns true. Throws StorageError,
   * LeaseLostError, DestinationGone, and an abort.
   */
  async step(signal: AbortSignal, isStopping: () => boolean = () => false): Promise<number> {
    const { lease } = this.parts;
    for (;;) {
      if (lease.record.stopped || isStopping()) return Infinity;
      signal.throwIfAborted();
      await this.scan();
      this.releaseUnsilenced();
      const source = this.nextDue();
      if (source === undefined) break;
      await this.send(source, signal);
    }
    return Math.min(await this.storeCursor(), this.untilSilencesChange(), this.untilDue());
  }

  /** Programs get events in the order of the log as far as lanes allow; for people the first route goes first. */
  private nextDue(): MessageSource | undefined {
    const { sources, endpoint } = this.parts;
    const due = sources.filter((source) => this.schedule.waitFor(source) <= 0);
    if (endpoint.channel.audience === 'people') return due[0];
    return due.reduce<MessageSource | undefined>(
      (best, source) => (best === undefined || source.first < best.first ? source : best),
      undefined,
    );
  }

  private async scan(): Promise<void> {
    const { backlog, endpoint, log, turns } = this.parts;
    const most = MAX_RUNS[endpoint.channel.audience];
    while (backlog.runCount < most && backlog.scanned < log.head)
      if (!(await turns.run(() => this.scanStretch()))) return;
  }

  /** Returns whether there was any. */
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

  /** Of events that were trimmed before their turn came, those that still fire can be sent. */
  private passLost(after: number, lost: number): void {
    const { alerts, backlog, endpoint, metrics } = this.parts;
    this.logger.error(`${endpoint.slug}: ${lost} events passed their retention before they could be sent`);
    metrics.lost(endpoint.receiver, lost);
    for (const raised of alerts.active())
      if (raised.id > after && raised.id <= after + lost) backlog.offer(raised);
  }

  /** Sends suppressed raises that still fire once no silence covers them any more. */
  private releaseUnsilenced(): void {
    const { alerts, backlog, clock } = this.parts;
    const now = clock.now();
    const silences = alerts.silences();
    const seen = silences.map(({ silenceId, endsAt }) => `${silenceId} ${endsAt}`).join();
    if (seen === this.silencesSeen && now < this.silencesUntil) return;
    this.silencesSeen = seen;
    this.silencesUntil = nextSilenceChange(silences, now) ?? Infinity;
    for (const id of [...backlog.suppressed]) {
      const raised = alerts.findById(id);
      if (raised === undefined || isSilenced(raised, silences, now)) continue;
      backlog.suppressed.delete(id);
      backlog.enqueue(raised);
    }
  }

  private async send(source: MessageSource, signal: AbortSignal): Promise<void> {
    const { endpoint, clock } = this.parts;
    const message = await source.next(clock.now());
    if (message === undefined) return;
    const notification = await this.parts.builder.render(message, endpoint.channel.audience);
    if (notification === undefined) {
      await source.settle(message, {});
      return;
    }
    this.schedule.pause(endpoint.channel.pauseMs);
    const delivery = await endpoint.channel.deliver(notification, signal);
    failpoint('channel.sent');
    this.parts.metrics.attempted(endpoint.receiver, delivery.outcome);
    if (delivery.outcome === 'delivered') await this.succeed(source, message);
    else await this.fail(source, message, delivery);
  }

  private async succeed(source: MessageSource, message: PreparedMessage): Promise<void> {
    const { lease, endpoint, clock } = this.parts;
    const state = lease.record;
    if (state.failingSince !== undefined) this.logger.log(`${endpoint.slug}: messages arrive again`);
    this.schedule.settled(source);
    await source.settle(message, {
      delivered: state.delivered + 1,
      lastDeliveredAt: clock.now(),
      failingSince: undefined,
    });
  }

  private async fail(source: MessageSource, message: PreparedMessage, delivery: Failed): Promise<void> {
    const { lease, endpoint, clock, forget, metrics } = this.parts;
    const { retryable, reason, retryAfterMs = 0 } = delivery;
    const now = clock.now();
    const failingSince = lease.record.failingSince ?? now;
    const change = { failingSince, lastError: { at: now, reason } };
    if (lease.record.lastError?.reason !== reason || lease.record.failingSince === undefined)
      this.logger.warn(`${endpoint.slug}: a message did not arrive: ${reason}`);
    const ageMs = now - Math.max(failingSince, message.firstAt);
    switch (verdictOn(delivery, ageMs, endpoint.receiver.giveUpMs)) {
      case 'stop':
        if (await forget()) throw new DestinationGone();
        await lease.write({ ...change, stopped: { at: now, reason } });
        break;
      case 'dead-letter':
        this.schedule.settled(source);
        await source.giveUp(message, reason, {
          ...change,
          ...(retryable ? {} : { failingSince: undefined }),
        });
        metrics.deadLettered(endpoint.receiver);
        break;
      case 'retry':
        this.schedule.retry(source, endpoint.receiver.retryMaxMs, retryAfterMs);
        await lease.write(change);
        break;
    }
  }

  private untilDue(): number {
    return Math.min(...this.parts.sources.map((source) => this.schedule.waitFor(source)));
  }

  private untilSilencesChange(): number {
    if (this.parts.backlog.suppressed.isEmpty) return Infinity;
    return Math.max(0, this.silencesUntil - this.parts.clock.now());
  }

  /** Stores the cursor from time to time where no message does. Returns when to do it again, in milliseconds. */
  private async storeCursor(): Promise<number> {
    const { lease, backlog, clock } = this.parts;
    const progress = backlog.stored();
    const moved = progress.cursor - lease.record.cursor;
    const elapsed = clock.monotonic() - this.storedAt;
    if (moved <= 0) return Infinity;
    if (moved < UNSTORED_EVENTS && elapsed < UNSTORED_MS) return UNSTORED_MS - elapsed;
    await lease.write(progress);
    this.storedAt = clock.monotonic();
    return Infinity;
  }
}

/** The longest pause between two steps, in milliseconds. */
const LONGEST_SLEEP_MS = 60_000;
/** How long an attempt under way at a stop may take to end: an attempt that is cut off may be made twice. */
const GRACE_MS = 3_000;

/** Runs the steps of a worker whenever something is due. */
export class ChannelLoop {
  private readonly aborting = new AbortController();
  private sleeping = new AbortController();
  private isStopping = false;
  private isWoken = false;
  private running: Promise<void> = Promise.resolve();

  /** Calls `onError` once, with the error that ended the loop. */
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
      // A wake-up interrupts the sleep: the only way it rejects.
    }
  }
}
