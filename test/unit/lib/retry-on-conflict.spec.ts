import { describe, expect, it } from '@jest/globals';
import { CONFLICT, retryOnConflict, TooManyConflictsError } from '../../../src/lib/retry-on-conflict.js';

/** Ends in these outcomes, one an attempt; an error is thrown. */
function attempts(...outcomes: readonly unknown[]) {
  const made: unknown[] = [];
  const run = async (): Promise<unknown> => {
    const outcome = outcomes[made.length];
    made.push(outcome);
    await Promise.resolve();
    if (outcome instanceof Error) throw outcome;
    return outcome;
  };
  return { made, run };
}
const limit = { what: 'the totals of a department', maxAttempts: 3 };

describe('retryOnConflict', () => {
  it('returns the result of the first attempt without a conflict', async () => {
    const { made, run } = attempts(CONFLICT, CONFLICT, 'written');
    expect(await retryOnConflict(limit, run)).toBe('written');
    expect(made).toHaveLength(3);
  });

  it.each([undefined, false, 0, ''])('takes %p for a result', async (result) => {
    const { made, run } = attempts(result);
    expect(await retryOnConflict(limit, run)).toBe(result);
    expect(made).toHaveLength(1);
  });

  it('rejects when every attempt ends in a conflict, and names the data', async () => {
    const { made, run } = attempts(CONFLICT, CONFLICT, CONFLICT, 'too late');
    const error: unknown = await retryOnConflict(limit, run).catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(TooManyConflictsError);
    expect(error).toMatchObject({
      code: 'too_many_conflicts',
      message:
        'Other writers changed the totals of a department at each of 3 attempts to write. Repeat the request later.',
    });
    expect(made).toHaveLength(3);
  });

  it('rejects with the error of an attempt, and makes no other', async () => {
    const { made, run } = attempts(CONFLICT, new Error('storage'), 'written');
    await expect(retryOnConflict(limit, run)).rejects.toThrow('storage');
    expect(made).toHaveLength(2);
  });
});
