import type { AlertLog } from '../alerting/log/alert-log.js';
import type { LogDecision, LogEvent } from '../domain/alerts/log-event.js';

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
