import { Injectable } from '@nestjs/common';
import { v7 as uuid } from 'uuid';
import { AlertLog } from '../log/alert-log.js';
import { Clock } from '../../lib/clock.js';
import type { SilenceSetEvent } from '../../domain/alerts/log-event.js';
import type { Silence } from '../../domain/alerts/silence.js';
import { appendDecided } from './alert-reset.js';

/** Silences that are to come or in force at once: each alert is held against all of them. */
export const MAX_SILENCES = 1_000;

/** Sets silences and ends them, in the log. Throws StorageError. */
@Injectable()
export class Silences {
  constructor(
    private readonly log: AlertLog,
    private readonly clock: Clock,
  ) {}

  /** Those to come and in force, the newest first. */
  current(): SilenceSetEvent[] {
    const now = this.clock.now();
    return this.log
      .silences()
      .filter(({ endsAt }) => endsAt > now)
      .toReversed();
  }

  /** Sets a silence; undefined when there are too many. */
  async set(silence: Omit<Silence, 'silenceId'>): Promise<SilenceSetEvent | undefined> {
    const silenceId = uuid();
    const event = await appendDecided(this.log, () =>
      this.current().length >= MAX_SILENCES
        ? undefined
        : { kind: 'silence_set', at: this.clock.now(), silenceId, ...silence },
    );
    return event?.kind === 'silence_set' ? event : undefined;
  }

  /** One that is to come or in force. */
  find(silenceId: string): SilenceSetEvent | undefined {
    return this.current().find((silence) => silence.silenceId === silenceId);
  }

  /** Ends a silence before its time; answers whether there was one. */
  async end(silenceId: string, by: string): Promise<boolean> {
    const event = await appendDecided(this.log, () =>
      this.find(silenceId) ? { kind: 'silence_ended', at: this.clock.now(), silenceId, by } : undefined,
    );
    return event !== undefined;
  }
}
