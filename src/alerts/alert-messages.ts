import { Injectable } from '@nestjs/common';
import { Clock } from '../concurrency/clock.js';
import { Config } from '../config/config.js';
import { alertMessage, type AlertMessage } from '../domain/alert-message.js';
import type { AlertEvent, RaisedEvent } from '../domain/alert.js';
import { ZonedTime } from '../domain/zoned-time.js';
import type { OutgoingMessage } from './frame-encoding.js';
import type { SnapshotReason } from './replay-position.js';

/** Puts events and the gateway's own words into the form that callers see. */
@Injectable()
export class AlertMessages {
  private readonly time: ZonedTime;

  constructor(
    config: Config,
    private readonly clock: Clock,
  ) {
    this.time = new ZonedTime(config.alertTimezone);
  }

  /** The message for an event; the same each time it is asked for. */
  of(event: AlertEvent): AlertMessage {
    return alertMessage(event, this.time);
  }

  /** The first message of every connection. */
  connection(): OutgoingMessage {
    return { type: 'connection', message: 'Connected to risk monitoring alerts', timestamp: this.now() };
  }

  /** The end of a replay: how many messages it had, and the id up to which it reaches. */
  replayComplete(count: number, id: number): OutgoingMessage {
    return { type: 'replay_complete', timestamp: this.now(), count, id: String(id) };
  }

  /** What fires at the event `id`, for a client that cannot be given every event since it left. */
  snapshot(reason: SnapshotReason, id: number, active: readonly RaisedEvent[]): OutgoingMessage {
    const data = { active: active.map((event) => this.of(event)) };
    return { type: 'snapshot', timestamp: this.now(), reason, id: String(id), data };
  }

  /** The id after which a client can resume. */
  position(id: number): OutgoingMessage {
    return { type: 'position', timestamp: this.now(), id: String(id) };
  }

  /** Input that cannot be understood: a stable code, and a sentence that tells the fix. */
  error(code: 'unknown_message' | 'bad_filter' | 'bad_token', message: string): OutgoingMessage {
    return { type: 'error', timestamp: this.now(), code, message };
  }

  /** The answer to a new token: until when the connection stays; milliseconds since 1970. */
  refreshed(expiresAt: number | undefined): OutgoingMessage {
    const expires_at = expiresAt === undefined ? null : this.time.iso(expiresAt);
    return { type: 'refreshed', timestamp: this.now(), data: { expires_at } };
  }

  /** The answer to a ping. */
  pong(): OutgoingMessage {
    return { type: 'pong', timestamp: this.now() };
  }

  private now(): string {
    return this.time.iso(this.clock.now());
  }
}
