import type { Resume } from './client-protocol.js';
import type { AlertLog } from '../../alerting/log/alert-log.js';

/** Why the log cannot prove that nothing is missing. */
export type SnapshotReason = 'trimmed_id' | 'unknown_id' | 'future_id' | 'invalid_id';

/** Replay everything after an id, or show what fires instead. */
export type ReplayPosition = { readonly after: number } | { readonly snapshot: SnapshotReason };

/** The ids of a log: before its first event ever, before the first that it still holds, and of its newest. */
export interface LogBounds {
  readonly origin: number;
  readonly floor: number;
  readonly head: number;
}

/**
 * Decides where a subscriber continues. Every event after an id can be sent when the log still holds them all: the id is
 * the floor or later, and not beyond the head. `earliest` asks for what is held, however much was trimmed; no event has
 * the id 0, so "after 0" asks for every event that ever was.
 */
export function replayPosition(resume: Resume, { origin, floor, head }: LogBounds): ReplayPosition {
  if (resume === 'invalid') return { snapshot: 'invalid_id' };
  if (resume === 'earliest') return { after: floor };
  const after = resume.after === 0 ? origin : resume.after;
  if (after < origin) return { snapshot: 'unknown_id' };
  if (after < floor) return { snapshot: 'trimmed_id' };
  return after > head ? { snapshot: 'future_id' } : { after };
}

/**
 * Where a reader continues. Reads the log first where that matters: another instance may have sent an event that this
 * one has not read yet. Throws StorageError.
 */
export async function resumePosition(resume: Resume, log: AlertLog): Promise<ReplayPosition> {
  // Another instance may have trimmed the events that begin the log as this one knows it.
  if (resume === 'earliest') await log.refreshFloor();
  const position = replayPosition(resume, log);
  if (!('snapshot' in position) || position.snapshot !== 'future_id') return position;
  await log.refresh();
  return replayPosition(resume, log);
}
