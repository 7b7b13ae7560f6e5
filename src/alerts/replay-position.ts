import type { Resume } from './subscription-request.js';

/** Why continuity cannot be proved. */
export type SnapshotReason = 'unknown_id' | 'future_id' | 'invalid_id';

/** Replay everything after an id, or show what fires instead. */
export type ReplayPosition = { readonly after: number } | { readonly snapshot: SnapshotReason };

/**
 * Decides where a subscriber goes on. Every event after an id can be sent when the log holds them all: the id is the
 * origin or later, and not beyond the head.
 */
export function replayPosition(resume: Resume, log: { origin: number; head: number }): ReplayPosition {
  if (resume === 'invalid') return { snapshot: 'invalid_id' };
  if (resume === 'earliest') return { after: log.origin };
  if (resume.after < log.origin) return { snapshot: 'unknown_id' };
  return resume.after > log.head ? { snapshot: 'future_id' } : { after: resume.after };
}
