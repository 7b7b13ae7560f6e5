import type { AlertLog } from '../alerting/log/alert-log.js';
import { replayPosition, type ReplayPosition } from '../delivery/alerts/resume.js';
import type { Resume } from '../delivery/alerts/client-protocol.js';

/**
 * Where a reader goes on, with this process's knowledge of the log brought up to date where that matters: another
 * instance may have told the reader of an event that this one has not seen yet. Throws StorageError.
 */
export async function resumePosition(resume: Resume, log: AlertLog): Promise<ReplayPosition> {
  // Another instance may have trimmed what this one still takes for the beginning.
  if (resume === 'earliest') await log.refreshFloor();
  const position = replayPosition(resume, log);
  if (!('snapshot' in position) || position.snapshot !== 'future_id') return position;
  await log.refresh();
  return replayPosition(resume, log);
}
