import type { ChannelState, StoredMessage } from './channel-state.js';
import { IdRanges } from './id-ranges.js';

/** A message that is put together and not delivered yet: every attempt sends the same events. */
export interface PreparedMessage extends Omit<StoredMessage, 'ids'> {
  /** The ids of its events. */
  readonly ids: IdRanges;
}

/** How far one destination has come. Sets hold ids of the alert log. */
export interface ChannelProgress {
  /** Every event up to here is settled: sent, suppressed, dead-lettered, or not for this destination. */
  readonly cursor: number;
  /** What is settled above the cursor. */
  readonly done: IdRanges;
  /** Raises that a silence held back: sent once no silence covers them, if they still fire. */
  readonly suppressed: IdRanges;
  /** Raises in dead letters: their clears are not sent alone. */
  readonly deadLettered: IdRanges;
  /** Raises that fired when the routes changed, and were sent by a route that is gone: their clears follow them. */
  readonly notifiedByOldRoutes: IdRanges;
  /** Raises that fired when the routes changed, and that only the new routes accept: their clears are not sent. */
  readonly neverNotified: IdRanges;
  /** Messages that were put together and are not delivered yet. */
  readonly prepared: readonly PreparedMessage[];
}

/** The part of a stored state that holds the progress. */
export type StoredProgress = Pick<
  ChannelState,
  'cursor' | 'done' | 'untold' | 'buried' | 'toldBefore' | 'neverTold' | 'prepared'
>;

// The one place where ids become text, and text becomes ids.

/** Reads the progress of a stored state. Throws RangeError for sets that are none. */
export function readProgress(stored: StoredProgress): ChannelProgress {
  return {
    cursor: stored.cursor,
    done: IdRanges.parse(stored.done),
    suppressed: IdRanges.parse(stored.untold),
    deadLettered: IdRanges.parse(stored.buried),
    notifiedByOldRoutes: IdRanges.parse(stored.toldBefore),
    neverNotified: IdRanges.parse(stored.neverTold),
    prepared: stored.prepared.map(readMessage),
  };
}

/** The progress as it is stored. */
export function writeProgress(progress: ChannelProgress): StoredProgress {
  return {
    cursor: progress.cursor,
    done: progress.done.toString(),
    untold: progress.suppressed.toString(),
    buried: progress.deadLettered.toString(),
    toldBefore: progress.notifiedByOldRoutes.toString(),
    neverTold: progress.neverNotified.toString(),
    prepared: progress.prepared.map(writeMessage),
  };
}

/** Reads a stored message, or what a dead letter has of one. Throws RangeError for ids that are none. */
export function readMessage({ id, lane, kind, ids, isGroup, firstAt }: StoredMessage): PreparedMessage {
  return { id, lane, kind, ids: IdRanges.parse(ids), isGroup, firstAt };
}

/** A message as it is stored. */
export function writeMessage({ id, lane, kind, ids, isGroup, firstAt }: PreparedMessage): StoredMessage {
  return { id, lane, kind, ids: ids.toString(), isGroup, firstAt };
}
