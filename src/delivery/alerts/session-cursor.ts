import type { Transport } from './transport.js';
import type { FrameCache, FeedChunk, FeedQuery } from './frame-cache.js';
import type { AlertView } from './view.js';

export interface SubscriberHandlers {
  /** A chunk was written; `isLive` unless it is of a replay. */
  onWritten(chunk: FeedChunk, isLive: boolean): void;
  /** Every event up to `until` has been written, `count` messages in all; what follows is live. */
  onReplayed(count: number, until: number): void;
  /** Events after the cursor are no longer kept. Answers where to go on, or undefined to stand still. */
  onTrimmed(): number | undefined;
  /** The log could not be read; the subscriber stands still. */
  onFailure(error: unknown): void;
}

export interface SubscriberOptions {
  readonly view: AlertView;
  /** What comes after this id is sent. */
  readonly cursor: number;
  /** Events up to this id are sent as replayed. */
  readonly replayUntil?: number;
}

/**
 * A cursor on the feed and the connection that it writes to. Whoever reads slowly is served from the ring, then from
 * the log, as fast as the connection drains: no queue grows, and nobody else waits.
 */
export class SessionCursor {
  private cursor: number;
  private view: AlertView;
  private isWaiting = false;
  private replay: { readonly until: number; count: number } | undefined;

  constructor(
    private readonly feed: FrameCache,
    private readonly connection: Transport,
    private readonly handlers: SubscriberHandlers,
    { view, cursor, replayUntil }: SubscriberOptions,
  ) {
    this.cursor = cursor;
    this.view = view;
    if (replayUntil !== undefined) this.replay = { until: replayUntil, count: 0 };
  }

  /** The id up to which everything was written, or undefined while something is outstanding. */
  get position(): number | undefined {
    return this.replay === undefined && this.cursor === this.feed.head ? this.cursor : undefined;
  }

  /** How many events the subscriber is behind. */
  get lag(): number {
    return Math.max(0, this.feed.head - this.cursor);
  }

  /** True until everything that was asked for at the beginning has been written. */
  get isReplaying(): boolean {
    return this.replay !== undefined;
  }

  /** Changes what is sent from now on. */
  look(view: AlertView): void {
    this.view = view;
  }

  /** Writes what is due. Safe to call at any time. */
  pump(): void {
    while (!this.isWaiting && this.connection.isOpen) {
      this.endReplayIfDue();
      if (this.cursor >= this.feed.head) return;
      if (this.connection.isCongested) {
        this.waitFor((resume) => this.connection.onceDrained(resume));
        return;
      }
      const query = this.query();
      const chunk = this.feed.recent(query);
      if (chunk) this.write(chunk);
      else this.readLog(query);
    }
  }

  private query(): FeedQuery {
    const { view, cursor, replay } = this;
    const { encoding } = this.connection;
    return replay ? { view, encoding, cursor, until: replay.until } : { view, encoding, cursor };
  }

  private endReplayIfDue(): void {
    if (!this.replay || this.cursor < this.replay.until) return;
    const { count, until } = this.replay;
    this.replay = undefined;
    this.handlers.onReplayed(count, until);
  }

  private readLog(query: FeedQuery): void {
    this.waitFor((resume) => {
      this.feed.past(query).then(
        (chunk) => {
          if (chunk !== 'trimmed') {
            this.write(chunk);
            resume();
            return;
          }
          const cursor = this.handlers.onTrimmed();
          if (cursor === undefined) return;
          this.replay = undefined;
          this.cursor = cursor;
          resume();
        },
        (error: unknown) => this.handlers.onFailure(error),
      );
    });
  }

  private write(chunk: FeedChunk): void {
    const { frames, count, upTo } = chunk;
    // The connection may have ended while the log was read.
    if (frames.length > 0 && this.connection.isOpen) {
      this.connection.write(frames);
      this.handlers.onWritten(chunk, this.replay === undefined);
    }
    if (this.replay) this.replay.count += count;
    this.cursor = upTo;
  }

  private waitFor(begin: (resume: () => void) => void): void {
    this.isWaiting = true;
    begin(() => {
      this.isWaiting = false;
      this.pump();
    });
  }
}
