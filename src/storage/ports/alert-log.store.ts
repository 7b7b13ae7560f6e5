import type { LogEvent, StateEvent } from '../../domain/alerts/log-event.js';
import type { EventChange } from './event-rewrite.js';

/** One append: at least one event, with the consecutive ids `first`, `first + 1`, … */
export interface LogRecord {
  readonly first: number;
  readonly events: readonly LogEvent[];
}

/**
 * The events that still count after the event `head`, oldest first. Checkpoints of earlier versions hold raises only.
 */
export interface Checkpoint {
  readonly head: number;
  readonly active: readonly StateEvent[];
}

/** The id of a record's last event. */
export function lastIdOf(record: LogRecord): number {
  return record.first + record.events.length - 1;
}

/** The most UTF-8 bytes that the events of one record may take as JSON: a DynamoDB item holds 400 KB in all. */
export const MAX_RECORD_BYTES = 256_000;

/** Records read at once while iterating: 4 MB at most. */
const READ_BATCH = 16;

/**
 * The alert log: an ordered, durable list of records without gaps, of which the oldest may be trimmed. Appending is the
 * product's only concurrency control, so `append` is linearizable. Throws StorageError when the store cannot answer.
 */
export abstract class AlertLogStore {
  /**
   * The id before the first event of this log. The store keeps the `candidate` of the first call for good, and returns
   * it to every later call in any process.
   */
  abstract origin(candidate: number): Promise<number>;

  /**
   * Appends a record whose `first` is one more than the last id that the caller has read (or the origin). Atomic:
   * resolves to true once the whole record is durable, and to false, with nothing written, when another record has that
   * place.
   *
   * A place whose record was trimmed may be free again, as on DynamoDB, where only the item shows that the place was
   * taken. So the caller must have read the head recently: within a time far below the age at which records are
   * trimmed.
   */
  abstract append(record: LogRecord): Promise<boolean>;

  /**
   * The records that hold ids above `after`, oldest first, at most `limit` of them; fewer only at the end of the log.
   * Sees every append acknowledged before. The first record may begin at or before `after`; one that begins later than
   * `after + 1` shows that those in between were trimmed. `read(0, 1)` is the oldest record that the log still holds.
   */
  abstract read(after: number, limit: number): Promise<LogRecord[]>;

  /**
   * The records that begin below `before`, newest first, at most `limit` of them; fewer only at the beginning of the
   * log.
   */
  abstract readBackwards(before: number, limit: number): Promise<LogRecord[]>;

  /**
   * The events above `after`, oldest first, up to the head of the log: in runs with consecutive ids, none of them
   * empty. A run that does not begin one above the id before (at first `after`) shows that the events between were
   * trimmed. Sees every append acknowledged before the iteration began; later appends may appear. Holds a few records
   * in memory. Throws StorageError.
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
   * Removes the records whose last id is `upTo` or below, except the newest of the log: it shows which place is the
   * next. A checkpoint with a `head` of `upTo` or above must be durable before. Oldest first, in small batches: after a
   * crash all records newer than one batch are whole, and the next trim removes the rest. Idempotent; several processes
   * may do it at once. Yields to the event loop.
   */
  abstract trim(upTo: number): Promise<void>;

  /**
   * Saves a checkpoint durably and atomically: a reader gets the one before or this one, whole. An older head is
   * ignored.
   */
  abstract saveCheckpoint(checkpoint: Checkpoint): Promise<void>;

  /** The newest checkpoint, or undefined when there was never one. */
  abstract loadCheckpoint(): Promise<Checkpoint | undefined>;

  /**
   * Changes events in place: in the records that hold ids above `after`, in every checkpoint, and in the parts of one
   * that a crash left. Ids, order and number of the events stay, and so does everything that is appended or trimmed
   * meanwhile. Atomic per record and per part of a checkpoint, also against other rewrites; after an error some of them
   * are changed, and repeating it changes the rest. Increases {@link rewrites} when all is done. Resolves to the number
   * of changed events in records. Yields to the event loop.
   */
  abstract rewrite(change: EventChange, after: number): Promise<number>;

  /** Grows with every {@link rewrite}. Events in memory are outdated once it has grown: read them again. */
  abstract rewrites(): Promise<number>;
}
