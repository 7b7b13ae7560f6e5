import type { Writable } from 'node:stream';
import type { Clock } from '../../lib/clock.js';
import { Expiry } from './expiry.js';
import type { FrameEncoding, OutgoingMessage } from './frame-encoding.js';
import type { PeerVerdict } from './peer-liveness.js';

/** A peer with so many waiting bytes gets no more until it has read them. */
const HIGH_WATER = 256 * 1024;

/** Why the server ends a connection. */
export type EndReason =
  | Exclude<PeerVerdict, 'alive'>
  | 'log_unreadable'
  | 'position_lost'
  | 'server_stopping'
  | 'token_expired'
  | 'role_lost';

/** What a connection needs to detect a dead or slow peer. */
export interface PeerSettings {
  /** How long the peer may read nothing of the bytes that wait for it. */
  readonly stallLimitMs: number;
  readonly clock: Pick<Clock, 'now'>;
}

/** The connection to one subscriber, for any protocol: writes whole frames, and reports congestion. */
export abstract class Transport {
  abstract readonly encoding: FrameEncoding;
  /** Where frames are written. */
  protected abstract readonly out: Writable;

  /** False once the connection is ending. */
  protected abstract get isWritable(): boolean;
  /** When the admission of the peer ends. */
  readonly expiry: Expiry;

  constructor(clock: Pick<Clock, 'now'>) {
    this.expiry = new Expiry(clock);
  }

  /** False once the connection is ending, or its admission is over: nothing may be written any more. */
  get isOpen(): boolean {
    return this.isWritable && !this.expiry.isOver;
  }

  /** Whether the connection is ending, for whatever reason. */
  get isEnding(): boolean {
    return !this.isWritable;
  }

  /** One heartbeat: sends a sign of life, unless the peer has shown that it is gone. `now`: milliseconds. */
  abstract beat(now: number): PeerVerdict;

  /** Ends the connection; a peer that reads still gets what was written before. */
  abstract end(reason: EndReason): void;

  /** True while more bytes wait than a reader that keeps up leaves. */
  get isCongested(): boolean {
    return this.out.writableLength >= HIGH_WATER;
  }

  /** Writes frames, whole ones only. */
  write(frames: Buffer): void {
    this.out.write(frames);
  }

  /** Calls back once when the peer has read everything written. Only for a congested connection. */
  onceDrained(listener: () => void): void {
    this.out.once('drain', listener);
  }

  /** Sends one message now, unless the connection is congested: for answers and positions, never for alerts. */
  send(message: OutgoingMessage): void {
    if (!this.isCongested) this.sendAlways(message);
  }

  /** Sends one message that must arrive, in its place among the alerts. */
  sendAlways(message: OutgoingMessage): void {
    if (this.isOpen) this.write(this.encoding.encode(message));
  }
}
