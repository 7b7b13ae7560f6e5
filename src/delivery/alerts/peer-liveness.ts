/** What of a TCP socket shows whether its peer takes what it is sent. `net.Socket` is one. */
export interface SocketProgress {
  /** Bytes given to the socket so far, those that wait in it included. */
  readonly bytesWritten: number;
  /** Bytes that wait in the socket. */
  readonly writableLength: number;
}

export type PeerVerdict = 'alive' | 'dead_peer' | 'slow_consumer';

/**
 * Judges at each heartbeat whether a peer is still there. One that answers is. One for which bytes wait cannot have
 * seen the last ping: it is left alone as long as it takes some of them, and is stalled when it takes none for
 * `stallLimitMs`. One for which nothing waits and which did not answer is gone without having said so.
 */
export class PeerLiveness {
  private isAnswerDue = false;
  private takenBefore = 0;
  private waitedBefore = false;
  private stalledSince = 0;

  /** `answersPings`: whether the protocol has the peer answer. */
  constructor(
    private readonly socket: SocketProgress,
    private readonly stallLimitMs: number,
    private readonly answersPings: boolean,
  ) {}

  /** Anything that arrives from the peer shows that it lives. */
  heard(): void {
    this.isAnswerDue = false;
    this.waitedBefore = false;
  }

  /** To be asked at each heartbeat, before the ping that goes out when the answer is `alive`. `now` is milliseconds. */
  beat(now: number): PeerVerdict {
    const waiting = this.socket.writableLength;
    const taken = this.socket.bytesWritten - waiting;
    if (this.waitedBefore && taken > this.takenBefore) this.heard();
    if (!this.waitedBefore) this.stalledSince = now;
    this.takenBefore = taken;
    this.waitedBefore = waiting > 0;
    if (waiting > 0) return now - this.stalledSince >= this.stallLimitMs ? 'slow_consumer' : 'alive';
    if (this.isAnswerDue) return 'dead_peer';
    this.isAnswerDue = this.answersPings;
    return 'alive';
  }
}
