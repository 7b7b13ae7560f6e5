import type { LogEvent, StateEvent } from '../../domain/alerts/log-event.js';
import type { EventChange } from './event-rewrite.js';

/** One append: events with the consecutive ids `first`, `first + 1`, … and never none. */
export interface LogRecord {
  readonly first: number;
  readonly events: readonly LogEvent[];
}

/** The events that still count once the event `head` is applied, oldest first. Older ones hold raises only. */
export interface Checkpoint {
  readonly head: number;
  readonly active: readonly StateEvent[];
}

/** The id of a record's last event. */
export function lastIdOf(record: LogRecord): number {
  return record.first + record.events.length - 1;
}

/** How many UTF-8 bytes of JSON the events of one record may take: a DynamoDB item holds 400 KB in all. */
export const MAX_RECORD_BYTES = 256_000;

/** Records read at once while iterating: 4 MB at most. */
const READ_BATCH = 16;

/**
 * The alert log: an ordered, durable list of records without gaps, of which the oldest may be trimmed. Appending is the
 * product's only concurrency control, so `append` is linearizable. Throws StorageError when the store cannot answer.
 */
export abstract class AlertLogStore {
  /**
   * The id before the first event of this log. The first caller's `candidate` is kept for good; every later call, in
   * any process, gets that one.
   */
  abstract origin(candidate: number): Promise<number>;

  /**
   * Appends a record whose `first` is one more than the last id that the caller has seen (or the origin). Resolves to
   * true once it is durable; to false, with nothing written, when another record has that place. All or nothing.
   *
   * A place that was trimmed may be free again, as on DynamoDB, where nothing but its item shows that it was taken. So
   * whoever appends must have seen the head lately: within a time far below the age at which records are trimmed.
   */
  abstract append(record: LogRecord): Promise<boolean>;

  /**
   * The records that hold ids above `after`, oldest first, at most `limit` of them; sees every append acknowledged
   * before. The first one may begin at or before `after`; one that begins later than `after + 1` shows that those
   * between were trimmed. `read(0, 1)` is the oldest record that the log still holds.
   */
  abstract read(after: number, limit: number): Promise<LogRecord[]>;

  /** The records that hold ids below `before`, newest first, at most `limit` of them. */
  abstract readBackwards(before: number, limit: number): Promise<LogRecord[]>;

  /**
   * The events above `after`, oldest first, up to the head of the log: in runs with consecutive ids, none of them empty. A
   * run that does not begin one above the id before (at first `after`) shows that the events between were trimmed. Sees
   * every append acknowledged before the iteration began; later appends may appear. Holds a few records in memory. Throws
   * StorageError.
   */
  async *events(after: number): AsyncGenerator<readonly LogEvent[], void, undefined> {
    for (let position = after; ;) {
      const records = await this.read(position, READ_BATCH);
      for (const record of records) {
        const run = record.events.filter(({ id }) => id > position);
        position = Math.max(position, lastIdOf(record));
        if (run.length > 0) yield run;
      }
      if (records.length < READ_BATCH) return;
    }
  }

  /** The events below `before`, newest first, down to the oldest of the log; otherwise as {@link events}. */
  async *eventsBackwards(before: number): AsyncGenerator<readonly LogEvent[], void, undefined> {
    for (let position = before; ;) {
      const records = await this.readBackwards(position, READ_BATCH);
      for (const record of records) {
        const run = record.events.filter(({ id }) => id < position).reverse();
        position = Math.min(position, record.first);
        if (run.length > 0) yield run;
      }
      if (records.length < READ_BATCH) return;
    }
  }

  /**
   * Removes the records whose last id is `upTo` or below, but never the newest of the log: it shows which place is the
   * next. A checkpoint with a `head` of `upTo` or above must be kept before. Oldest first, in small batches: after a
   * crash everything newer than one batch is whole, and the next trim removes what remains of that. Idempotent; several
   * processes may do it at once. Yields to the event loop.
   */
  abstract trim(upTo: number): Promise<void>;

  /** Keeps a checkpoint, atomically: a reader gets the one before or this one, whole. An older head is ignored. */
  abstract saveCheckpoint(checkpoint: Checkpoint): Promise<void>;

  /** The newest checkpoint, or undefined when there was never one. */
  abstract loadCheckpoint(): Promise<Checkpoint | undefined>;

  /**
   * Changes events where they stand: in the records that hold ids above `after`, and in every checkpoint and whatever a
   * crash left of one. Ids, order and number of the events stay, and so does everything that is appended or trimmed
   * meanwhile. Atomic per record and per part of a checkpoint, against other rewrites too; after an error a part is
   * changed, and repeating it changes the rest. Counts {@link rewrites} up when all is done. Answers how many events of
   * records it changed. Yields to the event loop.
   */
  abstract rewrite(change: EventChange, after: number): Promise<number>;

  /** Grows with every {@link rewrite}: who keeps events in memory must read them again then. */
  abstract rewrites(): Promise<number>;
}
