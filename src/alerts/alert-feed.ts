import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { AlertLog } from '../alert-log/alert-log.js';
import type { AlertEvent } from '../domain/alert.js';
import { AlertLogStore } from '../storage/alert-log.store.js';
import { AlertMessages } from './alert-messages.js';
import type { AlertView } from './alert-view.js';
import { textFrame } from './websocket-frame.js';

/** Newest events kept with their frames: about 4 MB. Readers further behind read the log. */
const RING_EVENTS = 10_000;
/** A reader gets at most about this many bytes at once. */
const CHUNK_BYTES = 256 * 1024;
/** Chunks kept for readers who ask the same; each is at most about {@link CHUNK_BYTES}. */
const MAX_SHARED = 64;
/** Records read from the log at once for a reader that is far behind. */
const LOG_RECORDS = 1;

/** Frames for one reader, how many, and the id up to which they reach. Empty where the view accepts no event. */
export interface FeedChunk {
  readonly frames: Buffer;
  readonly count: number;
  readonly upTo: number;
}

/** What a reader asks for: what its view accepts after `cursor`; in a replay up to `until`, and marked as replayed. */
export interface FeedQuery {
  readonly view: AlertView;
  readonly cursor: number;
  readonly until?: number;
}

interface RingEntry {
  readonly event: AlertEvent;
  frame?: Buffer;
}

/**
 * The alert log as WebSocket frames. Readers hold a cursor, an event id, and ask for what comes after it. A frame is
 * built once, and readers with the same view and cursor get the same buffer.
 */
@Injectable()
export class AlertFeed implements OnModuleInit {
  private readonly listeners = new Set<() => void>();
  private readonly shared = new Map<string, FeedChunk>();
  private ring: RingEntry[] = [];
  private isFlushDue = false;

  constructor(
    private readonly log: AlertLog,
    @Inject(AlertLogStore) private readonly store: AlertLogStore,
    private readonly messages: AlertMessages,
  ) {}

  onModuleInit(): void {
    this.log.listen((events) => this.push(events));
  }

  /** The id of the newest event. */
  get head(): number {
    return this.log.head;
  }

  /** Calls `listener` soon after new events came, once for all that came together. It must not throw. */
  onAdvance(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** What comes after `cursor` among the newest events, or undefined when the log itself must be read. */
  recent(query: FeedQuery): FeedChunk | undefined {
    const { view, cursor, until } = query;
    const oldest = this.ring[0]?.event.id;
    if (oldest === undefined || cursor < oldest - 1) return undefined;
    const key = `${cursor}/${until ?? ''}/${view.key}`;
    let chunk = this.shared.get(key);
    if (!chunk) this.shared.set(key, (chunk = this.join(query, this.ring, cursor - oldest + 1)));
    // Readers at many places of a log that does not move must not add up.
    if (this.shared.size > MAX_SHARED) this.shared.clear();
    return chunk;
  }

  /** What comes after `cursor`, from the log. Throws StorageError. */
  async past(query: FeedQuery): Promise<FeedChunk> {
    const { cursor } = query;
    const records = await this.store.read(cursor, LOG_RECORDS);
    const entries = records.flatMap(({ events }) =>
      events.filter(({ id }) => id > cursor).map((event) => ({ event })),
    );
    return this.join(query, entries, 0);
  }

  private push(events: readonly AlertEvent[]): void {
    this.shared.clear();
    for (const event of events) this.ring.push({ event });
    // Dropping the excess by halves keeps the cost of each event constant.
    if (this.ring.length > 2 * RING_EVENTS) this.ring = this.ring.slice(-RING_EVENTS);
    if (this.isFlushDue) return;
    this.isFlushDue = true;
    setImmediate(() => {
      this.isFlushDue = false;
      for (const listener of this.listeners) listener();
    });
  }

  private join(
    { view, cursor, until = Infinity }: FeedQuery,
    entries: readonly RingEntry[],
    from: number,
  ): FeedChunk {
    const frames: Buffer[] = [];
    let bytes = 0;
    let upTo = cursor;
    for (let index = from; index < entries.length && bytes < CHUNK_BYTES; index += 1) {
      const entry = entries[index];
      if (!entry || entry.event.id > until) break;
      upTo = entry.event.id;
      if (!view.accepts(entry.event)) continue;
      const frame = until === Infinity ? this.liveFrame(entry) : this.replayFrame(entry);
      frames.push(frame);
      bytes += frame.length;
    }
    return { frames: Buffer.concat(frames, bytes), count: frames.length, upTo };
  }

  private liveFrame(entry: RingEntry): Buffer {
    return (entry.frame ??= textFrame(this.messages.of(entry.event)));
  }

  private replayFrame({ event }: RingEntry): Buffer {
    return textFrame({ ...this.messages.of(event), replayed: true });
  }
}
