import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { AlertLog } from '../../alerting/log/alert-log.js';
import type { LogMessage } from '../../domain/alerts/alert-message.js';
import type { LogEvent } from '../../domain/alerts/log-event.js';
import { AlertLogStore } from '../../storage/ports/alert-log.store.js';
import { AlertMessages } from './messages.js';
import type { AlertView } from './view.js';
import type { FrameEncoding } from './frame-encoding.js';

/** Newest events kept with their frames: about 4 MB. Readers further behind read the log. */
const RING_EVENTS = 10_000;
/** A reader gets at most about this many bytes at once. */
const CHUNK_BYTES = 256 * 1024;
/** Chunks kept for readers with the same query; each is at most about {@link CHUNK_BYTES}. */
const MAX_SHARED = 64;
/** Queries that are answered again without a lookup. */
const REMEMBERED = 4;
/** Records read from the log at once for a reader that is far behind. */
const LOG_RECORDS = 1;

/** Frames for one reader, and the id up to which they reach. Empty where the view accepts no event. */
export interface FrameChunk {
  readonly frames: Buffer;
  readonly count: number;
  /** How many of each type. */
  readonly types: ReadonlyMap<LogMessage['type'], number>;
  /** When the oldest of them was decided: milliseconds since 1970. */
  readonly oldestAt?: number;
  readonly upTo: number;
}

/** The query of a reader: what its view accepts after `cursor`; in a replay up to `until`, and marked as replayed. */
export interface FrameQuery {
  readonly view: AlertView;
  readonly encoding: FrameEncoding;
  readonly cursor: number;
  readonly until?: number;
}

interface RingEntry {
  readonly event: LogEvent;
  /** Frames by the name of their encoding. */
  readonly frames: Partial<Record<FrameEncoding['name'], Buffer>>;
}

/**
 * The alert log as frames. Readers hold a cursor, which is an event id, and query what comes after it. Each frame is built
 * once for an encoding, and readers with the same view, encoding and cursor share one buffer.
 */
@Injectable()
export class FrameCache implements OnModuleInit {
  private readonly listeners = new Set<() => void>();
  private readonly shared = new Map<string, FrameChunk>();
  private ring: RingEntry[] = [];
  /** The last queries, newest first. */
  private last: (FrameQuery & { readonly chunk: FrameChunk })[] = [];
  private isFlushDue = false;

  constructor(
    private readonly log: AlertLog,
    @Inject(AlertLogStore) private readonly store: AlertLogStore,
    private readonly messages: AlertMessages,
  ) {}

  onModuleInit(): void {
    this.log.listen((events) => this.push(events));
    // The ring may hold what was erased; readers continue from the log.
    this.log.onRewritten(() => {
      this.ring = [];
      this.forgetChunks();
    });
  }

  /** The id of the newest event. */
  get head(): number {
    return this.log.head;
  }

  /** Calls `listener` soon after new events, once for all that came together. It must not throw. */
  onAdvance(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** What comes after `cursor` among the newest events, or undefined when the log itself must be read. */
  recent(query: FrameQuery): FrameChunk | undefined {
    const { view, encoding, cursor, until } = query;
    const oldest = this.ring[0]?.event.id;
    if (oldest === undefined || cursor < oldest - 1) return undefined;
    // Nearly always the next subscriber, of one scope or another, has the same query.
    for (const last of this.last) {
      const isSame = last.cursor === cursor && last.until === until && last.encoding === encoding;
      if (isSame && last.view.key === view.key) return last.chunk;
    }
    const key = `${cursor}/${until ?? ''}/${encoding.name}/${view.key}`;
    let chunk = this.shared.get(key);
    if (!chunk) this.shared.set(key, (chunk = this.join(query, this.ring, cursor - oldest + 1)));
    // Bounds the chunks of readers at many positions of a log that does not grow.
    if (this.shared.size > MAX_SHARED) this.shared.clear();
    this.last = [{ ...query, chunk }, ...this.last.slice(0, REMEMBERED - 1)];
    return chunk;
  }

  /** What comes after `cursor`, from the log; `trimmed` when the log does not hold all of it any more. Throws StorageError. */
  async past(query: FrameQuery): Promise<FrameChunk | 'trimmed'> {
    const { cursor } = query;
    const records = await this.store.read(cursor, LOG_RECORDS);
    // Ids have no gaps, and this is called only where there are events after the cursor.
    if ((records[0]?.first ?? Infinity) > cursor + 1) return 'trimmed';
    const entries = records.flatMap(({ events }) =>
      events.filter(({ id }) => id > cursor).map((event) => ({ event, frames: {} })),
    );
    return this.join(query, entries, 0);
  }

  private push(events: readonly LogEvent[]): void {
    this.forgetChunks();
    // After a gap (this process slept while the log was trimmed) the events before it are of no use to any reader.
    const next = (this.ring.at(-1)?.event.id ?? 0) + 1;
    if (events[0]?.id !== next) this.ring = [];
    for (const event of events) this.ring.push({ event, frames: {} });
    // Dropping the excess by halves keeps the cost of each event constant.
    if (this.ring.length > 2 * RING_EVENTS) this.ring = this.ring.slice(-RING_EVENTS);
    if (this.isFlushDue) return;
    this.isFlushDue = true;
    setImmediate(() => {
      this.isFlushDue = false;
      for (const listener of this.listeners) listener();
    });
  }

  private forgetChunks(): void {
    this.shared.clear();
    this.last = [];
  }

  private join(query: FrameQuery, entries: readonly RingEntry[], from: number): FrameChunk {
    const { view, cursor, until = Infinity } = query;
    const frames: Buffer[] = [];
    const types = new Map<LogMessage['type'], number>();
    let oldestAt: number | undefined;
    let bytes = 0;
    let upTo = cursor;
    for (let index = from; index < entries.length && bytes < CHUNK_BYTES; index += 1) {
      const entry = entries[index];
      if (!entry || entry.event.id > until) break;
      upTo = entry.event.id;
      if (!view.accepts(entry.event)) continue;
      const message = this.messages.of(entry.event);
      const frame = this.frame(entry, message, query);
      frames.push(frame);
      bytes += frame.length;
      types.set(message.type, (types.get(message.type) ?? 0) + 1);
      oldestAt = Math.min(oldestAt ?? Infinity, entry.event.at);
    }
    const joined = { frames: Buffer.concat(frames, bytes), count: frames.length, types, upTo };
    return oldestAt === undefined ? joined : { ...joined, oldestAt };
  }

  private frame({ frames }: RingEntry, message: LogMessage, { encoding, until }: FrameQuery): Buffer {
    if (until !== undefined) return encoding.encode({ ...message, replayed: true });
    return (frames[encoding.name] ??= encoding.encode(message));
  }
}
