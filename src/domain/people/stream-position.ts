/** Which instance reads the changes of the tables for all of them, and how far they are handled. */
export interface ChangeStreamPosition {
  /** Grows by one with every change: whoever writes must have read the one before. */
  readonly revision: number;
  /** The instance that reads; empty: none does. */
  readonly holder: string;
  /** Everything up to there is handled; absent: nothing yet. In the words of the store that tells the changes. */
  readonly position?: string;
}

/** What is there before anybody has read. */
export const NOBODY_READS: ChangeStreamPosition = { revision: 0, holder: '' };

/** The reading in the hands of an instance, which goes on where the one before was. */
export function takenOver(reading: ChangeStreamPosition, holder: string): ChangeStreamPosition {
  return { ...next(reading), holder };
}

/** Everything up to there handled. */
export function handledUpTo(reading: ChangeStreamPosition, position: string): ChangeStreamPosition {
  return { ...next(reading), position };
}

/** Given back: any instance may go on. */
export function givenBack(reading: ChangeStreamPosition): ChangeStreamPosition {
  return { ...next(reading), holder: '' };
}

function next(reading: ChangeStreamPosition): ChangeStreamPosition {
  return { ...reading, revision: reading.revision + 1 };
}
