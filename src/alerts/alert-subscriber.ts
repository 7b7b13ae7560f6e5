import type { Socket } from 'node:net';
import type { AlertFeed, FeedChunk, FeedQuery } from './alert-feed.js';
import type { AlertView } from './alert-view.js';

/** Bytes that may wait in a socket before its reader gets no more until it has read them. */
const HIGH_WATER = 256 * 1024;

export interface SubscriberHandlers {
  /** Every event up to `until` has been written, `count` messages in all; what follows is live. */
  readonly onReplayed: (count: number, until: number) => void;
  /** The log could not be read; the subscriber stands still. */
  readonly onFailure: (error: unknown) => void;
}

export interface SubscriberOptions extends SubscriberHandlers {
  readonly view: AlertView;
  /** What comes after this id is sent. */
  readonly cursor: number;
  /** Events up to this id are sent as replayed. */
  readonly replayUntil?: number;
}

/**
 * A cursor on the feed and the socket that it writes to. Whoever reads slowly is served from the ring, then from the
 * log, as fast as the socket drains: no queue grows, and nobody else waits.
 */
export class AlertSubscriber {
  private cursor: number;
  private view: AlertView;
  private isWaiting = false;
  private replay: { readonly until: number; count: number } | undefined;
  private readonly handlers: SubscriberHandlers;

  constructor(
    private readonly feed: AlertFeed,
    private readonly socket: Socket,
    { view, cursor, replayUntil, ...handlers }: SubscriberOptions,
  ) {
    this.cursor = cursor;
    this.view = view;
    this.handlers = handlers;
    if (replayUntil !== undefined) this.replay = { until: replayUntil, count: 0 };
  }

  /** The id up to which everything was written, or undefined while something is outstanding. */
  get position(): number | undefined {
    return this.replay === undefined && this.cursor === this.feed.head ? this.cursor : undefined;
  }

  /** Changes what is sent from now on. */
  narrow(view: AlertView): void {
    this.view = view;
  }

  /** Writes what is due. Safe to call at any time. */
  pump(): void {
    while (!this.isWaiting && this.socket.writable) {
      this.endReplayIfDue();
      if (this.cursor >= this.feed.head) return;
      if (isCongested(this.socket)) {
        this.waitFor((resume) => this.socket.once('drain', resume));
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
    return { view, cursor, ...(replay ? { until: replay.until } : {}) };
  }

  private endReplayIfDue(): void {
    if (!this.replay || this.cursor < this.replay.until) return;
    const { count, until } = this.replay;
    this.replay = undefined;
    this.handlers.onReplayed(count, until);
  }

  private readLog(query: FeedQuery): void {
    this.waitFor((resume) => {
      this.feed.past(query).then((chunk) => {
        this.write(chunk);
        resume();
      }, this.handlers.onFailure);
    });
  }

  private write({ frames, count, upTo }: FeedChunk): void {
    if (frames.length > 0) this.socket.write(frames);
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

/** True while more waits in the socket than a reader that keeps up leaves there. */
export function isCongested(socket: Socket): boolean {
  return socket.writableLength >= HIGH_WATER;
}
