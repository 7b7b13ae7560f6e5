import type { Socket } from 'node:net';
import type { AlertFeed, FeedChunk } from './alert-feed.js';
import type { AlertView } from './alert-view.js';

/** Bytes that may wait in a socket before its reader gets no more until it has read them. */
const HIGH_WATER = 256 * 1024;

/**
 * A cursor on the feed and the socket that it writes to. Whoever reads slowly is served from the ring, then from the
 * log, as fast as the socket drains: no queue grows, and nobody else waits.
 */
export class AlertSubscriber {
  private cursor: number;
  private isWaiting = false;

  /** Begins after `cursor`. `onFailure` hears when the log could not be read; the subscriber then stands still. */
  constructor(
    private readonly feed: AlertFeed,
    private readonly view: AlertView,
    private readonly socket: Socket,
    cursor: number,
    private readonly onFailure: (error: unknown) => void,
  ) {
    this.cursor = cursor;
  }

  /** Writes what is due. Safe to call at any time. */
  pump(): void {
    while (!this.isWaiting && this.cursor < this.feed.head && this.socket.writable) {
      if (isCongested(this.socket)) {
        this.waitFor((resume) => this.socket.once('drain', resume));
        return;
      }
      const chunk = this.feed.recent(this.view, this.cursor);
      if (chunk) this.write(chunk);
      else this.readLog();
    }
  }

  private readLog(): void {
    this.waitFor((resume) => {
      this.feed.past(this.view, this.cursor).then((chunk) => {
        this.write(chunk);
        resume();
      }, this.onFailure);
    });
  }

  private write({ frames, upTo }: FeedChunk): void {
    if (frames.length > 0) this.socket.write(frames);
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
