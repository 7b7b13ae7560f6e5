import { describe, expect, it } from '@jest/globals';
import { isAbort } from '../../../src/lib/abort.js';

describe('isAbort', () => {
  const abort: unknown = AbortSignal.abort().reason;

  it('knows what an aborted signal throws, also among what several listeners threw', () => {
    expect(isAbort(abort)).toBe(true);
    expect(isAbort(new AggregateError([abort, new AggregateError([abort])]))).toBe(true);
  });

  it('does not hide an error behind it', () => {
    for (const error of [
      new Error('AbortError'),
      undefined,
      new AggregateError([]),
      new AggregateError([abort, new Error()]),
    ])
      expect(isAbort(error)).toBe(false);
  });
});
