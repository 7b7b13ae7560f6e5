/** The part of a TCP socket that shows whether its peer reads. `net.Socket` is one. */
export interface SocketProgress {
  /** Bytes written to the socket so far, including those that wait in it. */
  readonly bytesWritten: number;
  /** Bytes that wait in the socket. */
  readonly writableLength: number;
}

export type PeerVerdict = 'alive' | 'dead_peer' | 'slow_consumer';

/**
 * Decides at each heartbeat whether a peer is alive. A peer that answers is. A peer with waiting bytes cannot have seen
 * the last ping: it is alive as long as it reads some of them, and a slow consumer when it reads none for
 * `stallLimitMs`. A peer without waiting bytes that did not answer is dead.
 */
export class PeerLiveness {
  private isAnswerDue = false;
  private takenBefore = 0;
  private waitedBefore = false;
  private stalledSince = 0;

  /** `answersPings`: whether peers of the protocol answer pings. */
  constructor(
    private readonly socket: SocketProgress,
    private readonly stallLimitMs: number,
    private readonly answersPings: boolean,
  ) {}

  /** Anything that arrives from the peer shows that it is alive. */
  heard(): void {
    this.isAnswerDue = false;
    this.waitedBefore = false;
  }

  /** To be called at each heartbeat, before the ping that is sent when the result is `alive`. `now` is milliseconds. */
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
