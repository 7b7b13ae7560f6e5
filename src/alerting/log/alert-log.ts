import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../lib/clock.js';
import { Mutex } from '../../lib/mutex.js';
import { PeriodicJob } from '../../lib/periodic-job.js';
import { CONFLICT, retryOnConflict, type ConflictLimit } from '../../lib/retry-on-conflict.js';
import { Config } from '../../config/config.js';
import type { AlertState } from '../../domain/alerts/alert-state.js';
import type {
  LogDecision,
  LogEvent,
  AcknowledgedEvent,
  SilenceSetEvent,
  StateEvent,
} from '../../domain/alerts/log-event.js';
import { failpoint } from '../../lib/failpoints.js';
import { Metrics } from '../../platform/observability/metrics.js';
import { AlertLogStore, type LogRecord, MAX_RECORD_BYTES } from '../../storage/ports/alert-log.store.js';
import type { EventChange } from '../../storage/ports/event-rewrite.js';
import { AlertCheckpoints } from './checkpoints.js';
import { AlertLogReader, type AlertListener } from './log-reader.js';
import type { AlertType, RaisedEvent } from '../../domain/alerts/alert.js';

/** The alerts as this process knows them: the fold of the log up to {@link head}. */
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

  /** The silences that were not ended early: scheduled, in force, and recently expired. */
  silences(): SilenceSetEvent[] {
    return this.state.silences();
  }

  /** The events that count at {@link head}: firing alerts, their acknowledgements, and silences; oldest first. */
  standing(): StateEvent[] {
    return this.state.standing();
  }

  /** Everything that fires at {@link head}, oldest first. */
  active(): RaisedEvent[] {
    return this.state.active();
  }
}

/**
 * Nothing is appended to a head that was read longer ago, in milliseconds. A process that was suspended must not append
 * at a place that was taken, and trimmed, meanwhile; records stay for an hour at least.
 */
const FRESH_MS = 60_000;

/** Each conflict means that another process has appended, so this many in a row are a fault, not a race. */
export const APPEND_LIMIT: ConflictLimit = { what: 'the alert log', maxAttempts: 1_000 };

export interface AppendResult {
  /** The leading decisions that are in the log now. */
  readonly appended: readonly LogEvent[];
  /** False: another process appended first, or may have, and the decisions that remain must be made again. */
  readonly complete: boolean;
}

/**
 * The alert log as this process knows it: appends to it, follows it, and keeps the fold of it.
 *
 * Listeners receive every event exactly once, in order, whichever process appended it, and after it is durable. The
 * only exception are events that were trimmed before this process read them, because it was suspended for long.
 */
@Injectable()
export class AlertLog extends KnownAlerts implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(AlertLog.name);
  private readonly mutex = new Mutex();
  private readonly checkpoints: AlertCheckpoints;
  private readonly reader: AlertLogReader;
  private readonly polling: PeriodicJob;
  private originId = 0;
  /** When {@link head} was the newest event for certain: milliseconds since 1970. */
  private seenAt = -Infinity;
  private readonly appendListeners: ((head: number) => void)[] = [];

  constructor(
    @Inject(AlertLogStore) private readonly store: AlertLogStore,
    private readonly clock: Clock,
    private readonly metrics: Metrics,
    config: Config,
  ) {
    super();
    this.checkpoints = new AlertCheckpoints(store, (error) =>
      this.logger.error({ err: error }, 'A checkpoint could not be saved; the next one replaces it'),
    );
    this.reader = new AlertLogReader(store, this.checkpoints);
    this.polling = new PeriodicJob(
      {
        everyMs: config.alertPollMs,
        logger: this.logger,
        failure: 'The alert log cannot be read; trying again',
        recovery: 'The alert log can be read again',
      },
      () => this.refresh(),
    );
  }

  async onModuleInit(): Promise<void> {
    // Ids of a new log begin at the time of its creation, so a cursor from a log that was wiped is never mistaken for
    // a position in the one that replaced it.
    this.originId = await this.store.origin(this.clock.now());
    await this.reader.begin(this.originId);
    await this.refresh();
    await this.refreshFloor();
    // A process that crashed may not have saved the one that was due.
    this.checkpoints.saveIfDue(this.reader.state, this.originId);
    this.polling.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.polling.stop();
    await this.mutex.run(() => Promise.resolve());
    await this.checkpoints.settled();
  }

  /** The id before the first event that the log ever held. */
  get origin(): number {
    return this.originId;
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
   * are being read, on the way to it. A run that does not begin right after the one before shows that the events
   * between were trimmed unread; the fold is right all the same. It must not throw. Returns the function that removes
   * it.
   */
  listen(listener: AlertListener): () => void {
    return this.reader.listen(listener);
  }

  /** Calls `listener` with the head after each append of this process. It must not throw. */
  onAppended(listener: (head: number) => void): void {
    this.appendListeners.push(listener);
  }

  /** Calls `listener` when events that it may have kept were rewritten, by whichever process. It must not throw. */
  onRewritten(listener: () => void): void {
    this.reader.onRewritten(listener);
  }

  /** Reads what other processes appended. Throws StorageError. */
  refresh(): Promise<void> {
    return this.mutex.run(() => this.catchUp());
  }

  /** Reads where the log begins by now. Throws StorageError. */
  refreshFloor(): Promise<void> {
    return this.reader.findFloor();
  }

  /**
   * Appends decisions that were made from the fold at `seenHead`. When this resolves, each event is durable and the
   * listeners have received it. After `complete: false` call {@link refresh}, read the tables and decide again. Throws
   * StorageError.
   */
  append(decisions: readonly LogDecision[], seenHead: number): Promise<AppendResult> {
    return this.mutex.run(async () => {
      const appended: LogEvent[] = [];
      if (seenHead !== this.head) return { appended, complete: decisions.length === 0 };
      for (const record of packRecords(decisions, this.head + 1)) {
        if (appended.length > 0) failpoint('log.partly_appended');
        if (!(await this.put(record))) return { appended, complete: false };
        appended.push(...record.events);
        this.count(record.events);
        this.reader.advance(record.events);
        for (const listener of this.appendListeners) listener(this.head);
      }
      this.checkpoints.saveIfDue(this.reader.state, this.originId);
      return { appended, complete: true };
    });
  }

  /**
   * Appends the decision that `decide` makes from the state at {@link head}; when another process appends first, it
   * decides again. Resolves to the event once it is durable, and to undefined when there was nothing to append. Throws
   * StorageError.
   */
  appendDecided(decide: () => LogDecision | undefined): Promise<LogEvent | undefined> {
    return retryOnConflict(APPEND_LIMIT, async () => {
      await this.refresh();
      const { head } = this;
      const decision = decide();
      if (decision === undefined) return undefined;
      const { appended } = await this.append([decision], head);
      return appended[0] ?? CONFLICT;
    });
  }

  /**
   * Removes the records that hold nothing above `upTo`, except the newest, once a checkpoint that covers them is
   * durable: an alert that still fires outlives its record. Throws StorageError; repeating it continues.
   */
  async trim(upTo: number): Promise<void> {
    await this.refresh();
    const bound = Math.min(upTo, this.head);
    await this.checkpoints.cover(bound, () => this.reader.state);
    await this.store.trim(bound);
    failpoint('log.trimmed');
    await this.refreshFloor();
  }

  /**
   * Rewrites the events above `after`, and those in checkpoints, in place; ids, order and number stay. Once this
   * resolves, this process returns only the new form; other processes do so from their next refresh on. This process
   * appends nothing meanwhile. Resolves to the number of changed events. Throws StorageError; repeating it does the
   * rest.
   */
  rewrite(change: EventChange, after: number): Promise<number> {
    const run = async (): Promise<number> => {
      const changed = await this.store.rewrite(change, after);
      await this.catchUp();
      return changed;
    };
    return this.mutex.run(() => this.checkpoints.apart(run));
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
    failpoint('log.appended');
    this.seenAt = now;
    return true;
  }

  private async catchUp(): Promise<void> {
    const now = this.clock.now();
    await this.reader.catchUp();
    this.seenAt = now;
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
