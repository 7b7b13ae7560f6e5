import type { Writable } from 'node:stream';
import type { Clock } from '../../lib/clock.js';
import type { FrameEncoding, OutgoingMessage } from './frame-encoding.js';
import type { PeerVerdict } from './peer-liveness.js';

/** Bytes that may wait for a peer before it gets no more until it has read them. */
const HIGH_WATER = 256 * 1024;

/** Why the server ends a connection. */
export type EndReason =
  | Exclude<PeerVerdict, 'alive'>
  | 'log_unreadable'
  | 'position_lost'
  | 'server_stopping'
  | 'token_expired'
  | 'role_lost';

/** What a connection needs to judge its peer. */
export interface PeerSettings {
  /** How long the peer may take nothing of what waits for it. */
  readonly stallLimitMs: number;
  readonly clock: Pick<Clock, 'now'>;
}

/** The wire to one subscriber, whatever the protocol: takes whole frames and tells when it takes no more. */
export abstract class Transport {
  abstract readonly encoding: FrameEncoding;
  /** Where frames are written. */
  protected abstract readonly out: Writable;

  /** False once the connection is ending. */
  protected abstract get isWritable(): boolean;
  /** Until when the peer is admitted: milliseconds since 1970. */
  private admittedUntil = Infinity;

  constructor(private readonly clock: Pick<Clock, 'now'>) {}

  /** False once the connection is ending, or its time is over: nothing may be written any more. */
  get isOpen(): boolean {
    return this.isWritable && this.clock.now() < this.admittedUntil;
  }

  /** Whether the time of the peer's admission is over, and the connection not ending yet. */
  get hasExpired(): boolean {
    return this.isWritable && this.clock.now() >= this.admittedUntil;
  }

  /** Nothing is written from this time on: milliseconds since 1970; undefined: no such time. */
  admitUntil(time: number | undefined): void {
    this.admittedUntil = time ?? Infinity;
  }

  /** One heartbeat: tells the peer that the server lives, unless the peer itself has shown not to. `now` in ms. */
  abstract beat(now: number): PeerVerdict;

  /** Ends the connection for a reason of ours; what was written before still goes out to a peer that reads. */
  abstract end(reason: EndReason): void;

  /** True while more waits than a reader that keeps up leaves there. */
  get isCongested(): boolean {
    return this.out.writableLength >= HIGH_WATER;
  }

  /** Writes frames, whole ones only. */
  write(frames: Buffer): void {
    this.out.write(frames);
  }

  /** Calls back once when everything written has been taken. Only for a congested connection. */
  onceDrained(listener: () => void): void {
    this.out.once('drain', listener);
  }

  /** Sends one message now, unless the peer has stopped reading: an answer to a ping may be dropped, an alert not. */
  send(message: OutgoingMessage): void {
    if (!this.isCongested) this.sendAlways(message);
  }

  /** Sends one message that must arrive, in its place among the alerts. */
  sendAlways(message: OutgoingMessage): void {
    if (this.isOpen) this.write(this.encoding.encode(message));
  }
}
