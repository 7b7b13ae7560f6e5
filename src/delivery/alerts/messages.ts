import { Injectable } from '@nestjs/common';
import { Clock } from '../../lib/clock.js';
import { Config } from '../../config/config.js';
import {
  acknowledgedMessage,
  alertMessage,
  logMessage,
  type AcknowledgedMessage,
  type LogMessage,
} from '../../domain/alerts/alert-message.js';
import type { RaisedEvent } from '../../domain/alerts/alert.js';
import type { AcknowledgedEvent, LogEvent, StateEvent } from '../../domain/alerts/log-event.js';
import { ZonedTime } from '../../lib/zoned-time.js';
import type { ActiveAlert } from './message.dto.js';
import type { OutgoingMessage } from './frame-encoding.js';
import type { SnapshotReason } from './resume.js';

/** Builds the messages that clients receive: events, and those of the gateway itself. */
@Injectable()
export class AlertMessages {
  private readonly time: ZonedTime;

  constructor(
    config: Config,
    private readonly clock: Clock,
  ) {
    this.time = new ZonedTime(config.alertTimezone);
  }

  /** The message for an event; always the same. */
  of(event: LogEvent): LogMessage {
    return logMessage(event, this.time);
  }

  /** The message for an acknowledgement. */
  acknowledged(event: AcknowledgedEvent): AcknowledgedMessage {
    return acknowledgedMessage(event, this.time);
  }

  /** The message of a raise that fires, with its acknowledgement. */
  active(raised: RaisedEvent, acknowledged: AcknowledgedEvent | undefined): ActiveAlert {
    const message = alertMessage(raised, this.time);
    if (acknowledged === undefined) return message;
    const { id, timestamp, data } = acknowledgedMessage(acknowledged, this.time);
    return { ...message, acknowledged: { id, timestamp, by: data.by, comment: data.comment } };
  }

  /** The first message of every connection. */
  connection(): OutgoingMessage {
    return { type: 'connection', message: 'Connected to risk monitoring alerts', timestamp: this.now() };
  }

  /** The end of a replay: how many messages it had, and the id up to which it reaches. */
  replayComplete(count: number, id: number): OutgoingMessage {
    return { type: 'replay_complete', timestamp: this.now(), count, id: String(id) };
  }

  /** The state at the event `id`, for a client that cannot get every event since it left. */
  snapshot(reason: SnapshotReason, id: number, standing: readonly StateEvent[]): OutgoingMessage {
    const now = this.clock.now();
    const of = (kind: StateEvent['kind']) =>
      standing
        .filter((event) => event.kind === kind && !(event.kind === 'silence_set' && event.endsAt <= now))
        .map((event) => this.of(event));
    const [acknowledged, silences] = [of('acknowledged'), of('silence_set')];
    const data = {
      active: of('raised'),
      ...(acknowledged.length > 0 ? { acknowledged } : {}),
      ...(silences.length > 0 ? { silences } : {}),
    };
    return { type: 'snapshot', timestamp: this.now(), reason, id: String(id), data };
  }

  /** The id after which a client can resume. */
  position(id: number): OutgoingMessage {
    return { type: 'position', timestamp: this.now(), id: String(id) };
  }

  /** Invalid input: a stable code, and a sentence that names the fix. */
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
