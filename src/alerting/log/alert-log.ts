import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../lib/clock.js';
import { Poller } from '../../lib/poller.js';
import { Mutex } from '../../lib/mutex.js';
import { Config } from '../../config/config.js';
import type { AlertState } from '../../domain/alerts/alert-state.js';
import type {
  LogDecision,
  LogEvent,
  AcknowledgedEvent,
  SilenceSetEvent,
  StateEvent,
} from '../../domain/alerts/log-event.js';
import { crashPoint } from '../../lib/failpoints.js';
import { Metrics } from '../../platform/observability/metrics.js';
import { AlertLogStore, type LogRecord, MAX_RECORD_BYTES } from '../../storage/ports/alert-log.store.js';
import type { EventChange } from '../../storage/ports/event-rewrite.js';
import { AlertCheckpoints } from './checkpoints.js';
import { AlertLogReader, type AlertListener } from './log-reader.js';
import type { AlertType, RaisedEvent } from '../../domain/alerts/alert.js';

/** What a process knows of alerts: the fold of the log up to {@link head}. */
abstract class KnownAlerts {
  protected abstract get state(): AlertState;

  /** The id of the newest event this process knows. */
  get head(): number {
    return this.state.head;
  }

  /** The raise that fires for the entity, at {@link head}. */
  find(alert: AlertType, entityId: string): RaisedEvent | undefined {
    return this.state.find(alert, entityId);
  }

  /** The raise with this id if it still fires at {@link head}, even where its record was trimmed. */
  findById(id: number): RaisedEvent | undefined {
    return this.state.findById(id);
  }

  /** The acknowledgement of the raise with this id, if it still fires at {@link head}. */
  acknowledgementOf(raisedId: number): AcknowledgedEvent | undefined {
    return this.state.acknowledgementOf(raisedId);
  }

  /** The silences that nobody has ended: those to come, in force, and lately run out. */
  silences(): SilenceSetEvent[] {
    return this.state.silences();
  }

  /** Everything that counts at {@link head}: what fires, what of that is acknowledged, and silences; oldest first. */
  standing(): StateEvent[] {
    return this.state.standing();
  }

  /** Everything that fires at {@link head}, oldest first. */
  active(): RaisedEvent[] {
    return this.state.active();
  }
}

/**
 * Nothing is appended to a head that was seen longer ago. A process that was suspended must not take a place which was
 * taken, and trimmed, meanwhile; records stay for an hour at least.
 */
const FRESH_MS = 60_000;

export interface AppendResult {
  /** The leading decisions that are in the log now. */
  readonly appended: readonly LogEvent[];
  /** False: somebody else appended first, or may have, and the decisions that remain must be decided again. */
  readonly complete: boolean;
}

/**
 * The alert log as this process knows it: appends to it, follows it, and keeps the fold of it.
 *
 * Every event passes the listeners exactly once, in order, whichever process appended it, and after it is durable. Only
 * events that were trimmed before this process read them, because it was suspended for long, pass nobody.
 */
@Injectable()
export class AlertLog extends KnownAlerts implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(AlertLog.name);
  private readonly serial = new Mutex();
  private readonly checkpoints: AlertCheckpoints;
  private readonly reader: AlertLogReader;
  private readonly poller: Poller;
  private firstCursor = 0;
  /** When {@link head} was the newest event for certain: milliseconds since 1970. */
  private seenAt = -Infinity;
  private failing = false;
  private readonly appendListeners: ((head: number) => void)[] = [];

  constructor(
    @Inject(AlertLogStore) private readonly store: AlertLogStore,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    config: Config,
  ) {
    super();
    this.checkpoints = new AlertCheckpoints(store, (error) =>
      this.logger.error({ err: error }, 'A checkpoint could not be kept; the next one will'),
    );
    this.reader = new AlertLogReader(store, this.checkpoints);
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
    await this.reader.begin(this.firstCursor);
    await this.refresh();
    await this.refreshFloor();
    // Whoever ended in a crash may not have got to it.
    this.checkpoints.saveIfDue(this.reader.state, this.firstCursor);
    this.poller.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.poller.stop();
    await this.serial.run(() => Promise.resolve());
    await this.checkpoints.settled();
  }

  /** The id before the first event that the log ever held. */
  get origin(): number {
    return this.firstCursor;
  }

  /** The id before the first event that the log still holds, as far as this process knows: others trim as well. */
  get floor(): number {
    return this.reader.floor;
  }

  protected get state(): AlertState {
    return this.reader.state;
  }

  /**
   * Calls `listener` with each run of new events: consecutive ids, of which the last one is {@link head} or, while more
   * are being read, on the way to it. A run that does not begin right after the one before shows that the events between
   * were trimmed unread; the fold is right all the same. It must not throw. Returns the function that removes it.
   */
  listen(listener: AlertListener): () => void {
    return this.reader.listen(listener);
  }

  /** Calls `listener` with the head after each append of this process. It must not throw. */
  onAppended(listener: (head: number) => void): void {
    this.appendListeners.push(listener);
  }

  /** Calls `listener` when events that it may have kept were changed, by whichever process. It must not throw. */
  onRewritten(listener: () => void): void {
    this.reader.onRewritten(listener);
  }

  /** Reads what other processes appended. */
  refresh(): Promise<void> {
    return this.serial.run(() => this.catchUp());
  }

  /** Looks where the log begins by now. */
  refreshFloor(): Promise<void> {
    return this.reader.findFloor();
  }

  /**
   * Appends decisions that were made from the fold at `seenHead`. Each event is durable, and has passed the listeners,
   * when this resolves. After `complete: false` call {@link refresh}, read the tables and decide again.
   */
  append(decisions: readonly LogDecision[], seenHead: number): Promise<AppendResult> {
    return this.serial.run(async () => {
      const appended: LogEvent[] = [];
      if (seenHead !== this.head) return { appended, complete: decisions.length === 0 };
      for (const record of packRecords(decisions, this.head + 1)) {
        if (appended.length > 0) crashPoint('log.partly_appended');
        if (!(await this.put(record))) return { appended, complete: false };
        appended.push(...record.events);
        this.count(record.events);
        this.reader.advance(record.events);
        for (const listener of this.appendListeners) listener(this.head);
      }
      this.checkpoints.saveIfDue(this.reader.state, this.firstCursor);
      return { appended, complete: true };
    });
  }

  /**
   * Removes the records that hold nothing above `upTo`, other than the newest, once a checkpoint is durable that has
   * them: what still fires outlives its record.
   */
  async trim(upTo: number): Promise<void> {
    await this.refresh();
    const bound = Math.min(upTo, this.head);
    await this.checkpoints.cover(bound, () => this.reader.state);
    await this.store.trim(bound);
    crashPoint('log.trimmed');
    await this.refreshFloor();
  }

  /**
   * Changes events where they stand, those above `after` and all that stands in checkpoints; ids, order and number stay.
   * Once this resolves this process tells the new text only; others do when they next look. Nothing is appended here
   * meanwhile. Answers how many were changed. Throws StorageError; repeating it does what is left.
   */
  rewrite(change: EventChange, after: number): Promise<number> {
    const run = async (): Promise<number> => {
      const changed = await this.store.rewrite(change, after);
      await this.catchUp();
      return changed;
    };
    return this.serial.run(() => this.checkpoints.apart(run));
  }

  private count(events: readonly LogEvent[]): void {
    const counters = { raised: this.metrics.alertsRaised, cleared: this.metrics.alertsCleared };
    for (const event of events)
      if (event.kind === 'raised' || event.kind === 'cleared')
        counters[event.kind].inc({ type: event.alert });
  }

  private async put(record: LogRecord): Promise<boolean> {
    const now = this.clock.now();
    if (Math.abs(now - this.seenAt) > FRESH_MS) return false;
    if (!(await this.store.append(record))) return false;
    crashPoint('log.appended');
    this.seenAt = now;
    return true;
  }

  private async catchUp(): Promise<void> {
    const now = this.clock.now();
    await this.reader.catchUp();
    this.seenAt = now;
    if (this.failing) this.logger.log('The alert log can be read again');
    this.failing = false;
  }

  private reportFailure(error: unknown): void {
    if (!this.failing) this.logger.error({ err: error }, 'The alert log cannot be read; trying again');
    this.failing = true;
  }
}

/** Gives decisions their ids, from `first` on, and packs them into records of at most {@link MAX_RECORD_BYTES}. */
export function packRecords(decisions: readonly LogDecision[], first: number): LogRecord[] {
  const records: LogRecord[] = [];
  let events: LogEvent[] = [];
  let bytes = 2;
  decisions.forEach((decision, index) => {
    const event: LogEvent = { ...decision, id: first + index };
    const size = Buffer.byteLength(JSON.stringify(event)) + 1;
    if (events.length > 0 && bytes + size > MAX_RECORD_BYTES) {
      records.push({ first: first + index - events.length, events });
      events = [];
      bytes = 2;
    }
    events.push(event);
    bytes += size;
  });
  if (events.length > 0) records.push({ first: first + decisions.length - events.length, events });
  return records;
}
