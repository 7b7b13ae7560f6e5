import type { Response } from 'express';
import { Transport, type EndReason, type PeerSettings } from './transport.js';
import { PeerLiveness, type PeerVerdict } from './peer-liveness.js';
import { SSE_ENCODING } from './frame-encoding.js';

/** A line that every reader ignores; it keeps proxies from closing a quiet stream. */
const COMMENT = Buffer.from(':\n\n');
/** How long a browser waits before it reconnects, in milliseconds. */
const RETRY = Buffer.from('retry: 2000\n\n');

/** One connection of a `text/event-stream`. */
export class SseTransport extends Transport {
  readonly encoding = SSE_ENCODING;
  private readonly liveness: PeerLiveness | undefined;

  /** Sends the head of the response. */
  constructor(
    protected readonly out: Response,
    { stallLimitMs, clock }: PeerSettings,
  ) {
    super(clock);
    // A peer of this protocol cannot answer a ping; TCP detects when it is gone.
    this.liveness = out.socket ? new PeerLiveness(out.socket, stallLimitMs, false) : undefined;
    out.writeHead(200, {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
      // Without it nginx buffers small answers.
      'X-Accel-Buffering': 'no',
    });
    out.write(RETRY);
  }

  protected get isWritable(): boolean {
    return this.out.writable && !this.out.destroyed;
  }

  beat(now: number): PeerVerdict {
    const verdict = this.liveness?.beat(now) ?? 'dead_peer';
    if (verdict === 'alive' && this.isOpen && !this.isCongested) this.write(COMMENT);
    return verdict;
  }

  end(reason: EndReason): void {
    if (reason === 'dead_peer' || reason === 'slow_consumer') this.out.destroy();
    else this.out.end();
  }
}
