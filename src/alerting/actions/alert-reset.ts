import { Injectable, Logger } from '@nestjs/common';
import { AlertLog } from '../log/alert-log.js';
import { Clock } from '../../lib/clock.js';
import { clearing } from '../../domain/alerts/evaluate.js';
import type { LogDecision, LogEvent } from '../../domain/alerts/log-event.js';

/** Others appending first at every one of this many attempts is a fault, not a race. */
const MAX_CONFLICTS = 1_000;

/**
 * Appends what `decide` makes of the state at the head of the log, deciding again when somebody else appended first.
 * Answers the event once it is durable; undefined when there was nothing to append. Throws StorageError.
 */
export async function appendDecided(
  log: AlertLog,
  decide: () => LogDecision | undefined,
): Promise<LogEvent | undefined> {
  for (let conflicts = 0; conflicts < MAX_CONFLICTS; conflicts += 1) {
    await log.refresh();
    const { head } = log;
    const decision = decide();
    if (decision === undefined) return undefined;
    const { appended } = await log.append([decision], head);
    if (appended[0]) return appended[0];
  }
  throw new Error('The alert log moved on at every attempt to append to it');
}

/** Forgets what fires, so that what is still true fires again at the next evaluation. */
@Injectable()
export class AlertReset {
  private readonly logger = new Logger(AlertReset.name);

  constructor(
    private readonly log: AlertLog,
    private readonly clock: Clock,
  ) {}

  /** Clears every active alert with the reason `reset`; answers how many. */
  async run(): Promise<number> {
    let cleared = 0;
    for (;;) {
      await this.log.refresh();
      const { head } = this.log;
      const events = this.log.active().map((active) => clearing(active, 'reset', this.clock.now()));
      const { appended, complete } = await this.log.append(events, head);
      cleared += appended.length;
      if (complete) break;
    }
    this.logger.log({ cleared }, 'Alert state was reset');
    return cleared;
  }
}
