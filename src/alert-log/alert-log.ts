import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../concurrency/clock.js';
import { Poller } from '../concurrency/poller.js';
import { Serial } from '../concurrency/serial.js';
import { Config } from '../config/config.js';
import type { AlertDecision, AlertEvent, AlertType, RaisedEvent } from '../domain/alert.js';
import { AlertState } from '../domain/fold.js';
import { AlertLogStore } from '../storage/alert-log.store.js';
import { packRecords } from './record-packing.js';

/** Records read in one go while catching up. */
const READ_BATCH = 16;
/**
 * After this many events, or as many as are firing if that is more, the fold is written down: a start reads few events,
 * and the cost of checkpoints stays in proportion to that of the events.
 */
const CHECKPOINT_EVERY = 10_000;

export interface AppendResult {
  /** The leading decisions that are in the log now. */
  readonly appended: readonly AlertEvent[];
  /** False: somebody else appended first, and the decisions that remain must be decided again. */
  readonly complete: boolean;
}

/**
 * The alert log as this process knows it: appends to it, follows it, and keeps the fold of it.
 *
 * Every event passes the listeners exactly once, in order, whichever process appended it, and after it is durable.
 */
@Injectable()
export class AlertLog implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(AlertLog.name);
  private readonly serial = new Serial();
  private readonly listeners = new Set<(events: readonly AlertEvent[]) => void>();
  private state = new AlertState(0);
  private firstCursor = 0;
  private checkpointHead = 0;
  private checkpoint: Promise<void> | undefined;
  private failing = false;
  private readonly poller: Poller;

  constructor(
    @Inject(AlertLogStore) private readonly store: AlertLogStore,
    private readonly clock: Clock,
    config: Config,
  ) {
    this.poller = new Poller(
      config.alertPollMs,
      () => this.refresh(),
      (error) => this.reportFailure(error),
    );
  }

  async onModuleInit(): Promise<void> {
    // Ids of a new log begin at the time of its creation, so a cursor from a log that was wiped is never mistaken for
    // a position in the one that replaced it.
    this.firstCursor = await this.store.origin(this.clock.now());
    const checkpoint = await this.store.loadCheckpoint();
    this.state = new AlertState(checkpoint?.head ?? this.firstCursor, checkpoint?.active);
    this.checkpointHead = this.state.head;
    await this.refresh();
    this.poller.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.poller.stop();
    await this.serial.run(() => Promise.resolve());
    await this.checkpoint;
  }

  /** The id before the first event that the log holds. */
  get origin(): number {
    return this.firstCursor;
  }

  /** The id of the newest event this process knows. */
  get head(): number {
    return this.state.head;
  }

  /** The raise that fires for the entity, at {@link head}. */
  find(alert: AlertType, entityId: string): RaisedEvent | undefined {
    return this.state.find(alert, entityId);
  }

  /** Everything that fires at {@link head}, oldest first. */
  active(): RaisedEvent[] {
    return this.state.active();
  }

  /** Calls `listener` with each run of new events. It must not throw. Returns the function that removes it. */
  listen(listener: (events: readonly AlertEvent[]) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Reads what other processes appended. */
  refresh(): Promise<void> {
    return this.serial.run(() => this.catchUp());
  }

  /**
   * Appends decisions that were made from the fold at `seenHead`. Each event is durable, and has passed the listeners,
   * when this resolves. After `complete: false` call {@link refresh}, read the tables and decide again.
   */
  append(decisions: readonly AlertDecision[], seenHead: number): Promise<AppendResult> {
    return this.serial.run(async () => {
      const appended: AlertEvent[] = [];
      if (seenHead !== this.head) return { appended, complete: decisions.length === 0 };
      for (const record of packRecords(decisions, this.head + 1)) {
        if (!(await this.store.append(record))) return { appended, complete: false };
        appended.push(...record.events);
        this.advance(record.events);
      }
      this.checkpointIfDue();
      return { appended, complete: true };
    });
  }

  private async catchUp(): Promise<void> {
    for (;;) {
      const records = await this.store.read(this.head, READ_BATCH);
      for (const { events } of records) this.advance(events.filter((event) => event.id > this.head));
      if (records.length < READ_BATCH) break;
    }
    if (this.failing) this.logger.log('The alert log can be read again');
    this.failing = false;
  }

  private advance(events: readonly AlertEvent[]): void {
    if (events.length === 0) return;
    for (const event of events) this.state.apply(event);
    for (const listener of this.listeners) listener(events);
  }

  /** In the background: an append does not wait for it. */
  private checkpointIfDue(): void {
    const due = Math.max(CHECKPOINT_EVERY, this.state.size);
    if (this.checkpoint !== undefined || this.head - this.checkpointHead < due) return;
    const head = this.head;
    this.checkpoint = this.store
      .saveCheckpoint({ head, active: this.active() })
      .then(() => {
        this.checkpointHead = head;
      })
      .catch((error: unknown) =>
        this.logger.error({ err: error }, 'A checkpoint could not be kept; the next one will'),
      )
      .finally(() => {
        this.checkpoint = undefined;
      });
  }

  private reportFailure(error: unknown): void {
    if (!this.failing) this.logger.error({ err: error }, 'The alert log cannot be read; trying again');
    this.failing = true;
  }
}
