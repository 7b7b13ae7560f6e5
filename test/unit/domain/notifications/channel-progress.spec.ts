import { describe, expect, it } from '@jest/globals';
import {
  readMessage,
  readProgress,
  writeMessage,
  writeProgress,
} from '../../../../src/domain/notifications/channel-progress.js';

/** A state as the first version of the server stored it. */
const STORED = {
  cursor: 7,
  done: '9+1',
  untold: 'a,2',
  buried: 'k',
  toldBefore: '1+2',
  neverTold: '',
  prepared: [
    { id: 'it.8', lane: '[]', kind: 'alerts', ids: '8,3', isGroup: true, firstAt: 5 },
    { id: 'it.reminder-1', lane: '[]', kind: 'reminder', ids: '1', isGroup: true, firstAt: 6 },
  ],
} as const;

describe('the stored progress of a channel', () => {
  it('is read as sets of ids, under the names that it has had from the beginning', () => {
    const { prepared, done, suppressed, deadLettered, notifiedByOldRoutes, neverNotified, cursor } =
      readProgress(STORED);
    expect(cursor).toBe(7);
    expect(
      [done, suppressed, deadLettered, notifiedByOldRoutes, neverNotified].map((set) => [...set]),
    ).toEqual([[9, 10], [10, 12], [20], [1, 2, 3], []]);
    expect(prepared.map(({ ids }) => [...ids])).toEqual([[8, 11], [1]]);
  });

  it('is written as it was read', () => {
    expect(writeProgress(readProgress(STORED))).toEqual(STORED);
  });

  it('keeps of a message what is stored, and nothing that a dead letter has beside', () => {
    const [message] = STORED.prepared;
    expect(writeMessage(readMessage({ ...message, ...{ key: 'k', reason: 'HTTP 400' } }))).toEqual(message);
  });

  it('is refused where a set is none', () => {
    expect(() => readProgress({ ...STORED, untold: '?' })).toThrow(RangeError);
  });
});
