import { Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { AlertLog } from '../log/alert-log.js';
import { Clock } from '../../lib/clock.js';
import type { SilenceSetEvent } from '../../domain/alerts/log-event.js';
import type { Silence } from '../../domain/alerts/silence.js';

/** The most silences, scheduled or in force, at once: each alert is compared with all of them. */
export const MAX_SILENCES = 1_000;

/** Sets silences and ends them, in the log. Throws StorageError. */
@Injectable()
export class Silences {
  constructor(
    private readonly log: AlertLog,
    private readonly clock: Clock,
  ) {}

  /** The silences that are scheduled or in force, newest first. */
  current(): SilenceSetEvent[] {
    const now = this.clock.now();
    return this.log
      .silences()
      .filter(({ endsAt }) => endsAt > now)
      .toReversed();
  }

  /**
   * Sets a silence; resolves to it once it is durable, and to undefined when there are {@link MAX_SILENCES} already.
   */
  async set(silence: Omit<Silence, 'silenceId'>): Promise<SilenceSetEvent | undefined> {
    const silenceId = uuid();
    const event = await this.log.appendDecided(() =>
      this.current().length >= MAX_SILENCES
        ? undefined
        : { kind: 'silence_set', at: this.clock.now(), silenceId, ...silence },
    );
    return event?.kind === 'silence_set' ? event : undefined;
  }

  /** The silence with this id, if it is scheduled or in force. */
  find(silenceId: string): SilenceSetEvent | undefined {
    return this.current().find((silence) => silence.silenceId === silenceId);
  }

  /** Ends a silence early; resolves to whether one with this id was scheduled or in force. */
  async end(silenceId: string, by: string): Promise<boolean> {
    const event = await this.log.appendDecided(() =>
      this.find(silenceId) ? { kind: 'silence_ended', at: this.clock.now(), silenceId, by } : undefined,
    );
    return event !== undefined;
  }
}
