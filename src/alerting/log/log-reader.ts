import { Logger } from '@nestjs/common';
import type { LogEvent } from '../../domain/alerts/log-event.js';
import { AlertState } from '../../domain/alerts/alert-state.js';
import type { AlertLogStore, LogRecord } from '../../storage/ports/alert-log.store.js';
import { StorageError } from '../../storage/ports/storage-error.js';
import type { AlertCheckpoints } from './checkpoints.js';

/** Records read in one go while catching up. */
const READ_BATCH = 16;
/** The log being trimmed, or a newer checkpoint appearing, at every one of this many attempts to fold it again is a fault. */
const MAX_FOLDS = 10;

/** Is told of events. It must not throw. */
export type AlertListener = (events: readonly LogEvent[]) => void;

/** Reads the alert log in order, folds it, and tells listeners. Only {@link findFloor} may run beside another call. */
export class AlertLogReader {
  private readonly logger = new Logger(AlertLogReader.name);
  private readonly listeners = new Set<AlertListener>();
  private folded = new AlertState(0);
  private readonly rewriteListeners = new Set<() => void>();
  private oldestCursor = 0;
  private origin = 0;
  /** How often the log had been rewritten when what is folded was read. */
  private rewrites = 0;

  constructor(
    private readonly store: AlertLogStore,
    private readonly checkpoints: AlertCheckpoints,
  ) {}

  /** The fold of everything read. */
  get state(): AlertState {
    return this.folded;
  }

  /** The id before the first event that the log still holds, as far as was seen: others trim as well. */
  get floor(): number {
    return this.oldestCursor;
  }

  /** Begins with the newest checkpoint, or with nothing at `origin`. Throws StorageError. */
  async begin(origin: number): Promise<void> {
    [this.origin, this.oldestCursor] = [origin, origin];
    this.rewrites = await this.store.rewrites();
    const checkpoint = await this.checkpoints.load();
    this.folded = new AlertState(checkpoint?.head ?? origin, checkpoint?.active);
  }

  /** Calls `listener` with each run of events from now on. Returns the function that removes it. */
  listen(listener: AlertListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Calls `listener` when events that were told before are told otherwise now. */
  onRewritten(listener: () => void): void {
    this.rewriteListeners.add(listener);
  }

  /** Reads up to the end of the log, and all that is firing again where it was rewritten. Throws StorageError. */
  async catchUp(): Promise<void> {
    const rewrites = await this.store.rewrites();
    await this.readOn();
    if (rewrites === this.rewrites) return;
    await this.foldAgain();
    this.rewrites = rewrites;
    for (const listener of this.rewriteListeners) listener();
  }

  private async readOn(): Promise<void> {
    for (;;) {
      const records = await this.store.read(this.folded.head, READ_BATCH);
      const afterGap = this.follow(records);
      if (afterGap) await this.leap(afterGap);
      else if (records.length < READ_BATCH) return;
    }
  }

  /** Folds the events that come next, and tells the listeners. */
  advance(events: readonly LogEvent[]): void {
    if (events.length === 0) return;
    for (const event of events) this.folded.apply(event);
    for (const listener of this.listeners) listener(events);
  }

  /** Looks where the log begins by now. Throws StorageError. */
  async findFloor(): Promise<void> {
    const [oldest] = await this.store.read(0, 1);
    if (oldest) this.seeFloor(oldest);
  }

  /** Takes what is new in records. Answers the first one before which events are missing, and takes no more from there. */
  private follow(records: readonly LogRecord[]): LogRecord | undefined {
    for (const record of records) {
      if (record.first > this.folded.head + 1) return record;
      this.advance(record.events.filter((event) => event.id > this.folded.head));
    }
    return undefined;
  }

  /** Goes on from the newest checkpoint: what lies between was trimmed before this process read it. */
  private async leap(afterGap: LogRecord): Promise<void> {
    this.seeFloor(afterGap);
    const { head } = this.folded;
    const checkpoint = await this.checkpoints.load();
    // The listeners shall learn of the gap now, not with the next event: they get the newest that the checkpoint has.
    const [newest] = checkpoint ? await this.store.read(checkpoint.head - 1, 1) : [];
    if (checkpoint === undefined || checkpoint.head <= head || newest === undefined) {
      const reason = `What came after the event ${head} is neither in the log nor in a checkpoint`;
      throw new StorageError('follow the alert log', new Error(reason));
    }
    // Trimmed again meanwhile, with a newer checkpoint: the next look will find it.
    if (newest.first > checkpoint.head + 1) return;
    this.logger.warn(`The events ${head + 1} to ${newest.first - 1} were trimmed before they were read`);
    this.folded = new AlertState(checkpoint.head, checkpoint.active);
    this.advance(newest.events);
  }

  /** Folds what was folded already once more, from what the store holds now. The listeners have heard of it. */
  private async foldAgain(): Promise<void> {
    for (let attempt = 0; attempt < MAX_FOLDS; attempt += 1) {
      const checkpoint = await this.checkpoints.load();
      // Another process has written one that tells more than this one has read.
      if (checkpoint !== undefined && checkpoint.head > this.folded.head) await this.readOn();
      const state = new AlertState(checkpoint?.head ?? this.origin, checkpoint?.active);
      if (await this.foldUpTo(this.folded.head, state)) {
        this.folded = state;
        return;
      }
    }
    throw new StorageError('fold the alert log again', new Error('It was trimmed at every attempt'));
  }

  /** Brings `state` to `head`; false when it is beyond, or events in between are not there any more. */
  private async foldUpTo(head: number, state: AlertState): Promise<boolean> {
    while (state.head < head) {
      const records = await this.store.read(state.head, READ_BATCH);
      if ((records[0]?.first ?? Infinity) > state.head + 1) return false;
      for (const event of records.flatMap(({ events }) => events)) if (event.id <= head) state.apply(event);
    }
    return state.head === head;
  }

  private seeFloor(oldest: LogRecord): void {
    this.oldestCursor = Math.max(this.oldestCursor, oldest.first - 1);
  }
}
