import { describe, expect, it } from '@jest/globals';
import { replayPosition } from '../../../../src/delivery/alerts/resume.js';
import { readSubscription } from '../../../../src/delivery/alerts/client-protocol.js';

const whole = { origin: 1_000, floor: 1_000, head: 2_000 };
const trimmed = { origin: 1_000, floor: 1_500, head: 2_000 };
const empty = { origin: 1_000, floor: 1_000, head: 1_000 };

/** Where somebody goes on who gives this as the last id. */
function position(lastEventId: string, log: typeof whole) {
  const request = readSubscription(`/?last_event_id=${lastEventId}`, '');
  if (request.profile !== 'v1' || request.resume === undefined) throw new Error('The id was not read');
  return replayPosition(request.resume, log);
}

describe('a last id', () => {
  it.each([
    ['earliest', whole, { after: 1_000 }],
    ['earliest', trimmed, { after: 1_500 }],
    ['earliest', empty, { after: 1_000 }],
    ['0', whole, { after: 1_000 }],
    ['0', trimmed, { snapshot: 'trimmed_id' }],
    ['0', empty, { after: 1_000 }],
    ['999', whole, { snapshot: 'unknown_id' }],
    ['999', trimmed, { snapshot: 'unknown_id' }],
    ['1000', whole, { after: 1_000 }],
    ['1000', trimmed, { snapshot: 'trimmed_id' }],
    ['1499', whole, { after: 1_499 }],
    ['1499', trimmed, { snapshot: 'trimmed_id' }],
    ['1500', trimmed, { after: 1_500 }],
    ['2000', trimmed, { after: 2_000 }],
    ['2001', trimmed, { snapshot: 'future_id' }],
    ['999999999999999', whole, { snapshot: 'future_id' }],
    ['9999999999999999', whole, { snapshot: 'invalid_id' }],
    ['00', whole, { snapshot: 'invalid_id' }],
    ['-0', whole, { snapshot: 'invalid_id' }],
    ['1e3', whole, { snapshot: 'invalid_id' }],
    ['1500.0', whole, { snapshot: 'invalid_id' }],
    ['EARLIEST', whole, { snapshot: 'invalid_id' }],
    ['', whole, { snapshot: 'invalid_id' }],
  ])('%s in %j leads to %j', (id, log, expected) => {
    expect(position(id, log)).toEqual(expected);
  });
});
