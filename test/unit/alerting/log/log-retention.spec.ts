import { describe, expect, it } from '@jest/globals';
import { checkpointEvery } from '../../../../src/alerting/log/checkpoints.js';
import { lastExpired, pauseBetweenTrims } from '../../../../src/alerting/log/log-retention.js';
import type { LogRecord } from '../../../../src/storage/ports/alert-log.store.js';
import { raisedEvent } from '../../../support/storage/storage-entities.js';

/** A record whose events happened at these times. */
function record(first: number, ...times: readonly number[]): LogRecord {
  return { first, events: times.map((at, index) => ({ ...raisedEvent(first + index), at })) };
}

describe('lastExpired', () => {
  it.each([
    ['nothing', [], undefined],
    ['a young record', [record(1, 100)], undefined],
    ['an old record', [record(1, 99)], 1],
    ['old records before a young one', [record(1, 5, 6), record(3, 99), record(4, 100)], 3],
    ['a record of which the first event is young', [record(1, 5), record(2, 101, 50)], 1],
    ['a record of which the last event is young', [record(1, 5), record(2, 50, 101)], 1],
    ['an old record behind a young one', [record(1, 100), record(2, 5)], undefined],
  ])('sees in %s the id %s', (_, records, id) => {
    expect(lastExpired(records, 100)).toBe(id);
  });
});

describe('pauseBetweenTrims', () => {
  it.each([
    [3_600_000, 150_000],
    [24 * 3_600_000, 3_600_000],
    [90 * 24 * 3_600_000, 3_600_000],
  ])('for a retention of %d ms is %d ms', (retention, pause) => {
    expect(pauseBetweenTrims(retention)).toBe(pause);
  });
});

describe('checkpointEvery', () => {
  it.each([
    [0, 10_000],
    [20_000, 10_000],
    [20_001, 10_001],
    [100_000, 50_000],
  ])('after a checkpoint with %d alerts is %d events', (firing, events) => {
    expect(checkpointEvery(firing)).toBe(events);
  });
});
