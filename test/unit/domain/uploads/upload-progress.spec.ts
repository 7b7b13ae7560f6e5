import { describe, expect, it } from '@jest/globals';
import {
  DRY_RUN_PLAN,
  IMPORT_PLAN,
  percentDone,
  secondsRemaining,
} from '../../../../src/domain/uploads/upload-progress.js';

describe('percentDone', () => {
  it.each([
    ['validating', 0, 0],
    ['validating', 0.5, 12],
    ['validating', 1, 25],
    ['writing', 0, 25],
    ['writing', 1, 90],
    ['evaluating', 0, 90],
    ['evaluating', 1, 99],
    ['writing', 7, 90],
    ['writing', -1, 25],
  ] as const)('of %s, %d done, is %d', (stage, fraction, percent) => {
    expect(percentDone(IMPORT_PLAN, stage, fraction)).toBe(percent);
  });

  it.each([IMPORT_PLAN, DRY_RUN_PLAN])('has shares of 100 in all', (...plan) => {
    expect(plan.reduce((sum, [, share]) => sum + share, 0)).toBe(100);
  });
});

describe('secondsRemaining', () => {
  it('is the rest of the stage at its rate, and the later stages in proportion', () => {
    // A quarter of 25 % took 5 s: 15 s for the rest of it, and 20 s for each of the other three quarters.
    expect(secondsRemaining(IMPORT_PLAN, 'validating', 0.25, 5_000)).toBe(75);
    // Half of 65 % took 13 s: 13 s for the other half, and 4 s for the last 10 %.
    expect(secondsRemaining(IMPORT_PLAN, 'writing', 0.5, 13_000)).toBe(17);
    expect(secondsRemaining(IMPORT_PLAN, 'evaluating', 0.5, 2_000)).toBe(2);
  });

  it('is not known before something is done, and some time of it has passed', () => {
    expect(secondsRemaining(IMPORT_PLAN, 'writing', 0, 60_000)).toBeNull();
    expect(secondsRemaining(IMPORT_PLAN, 'writing', 0.5, 999)).toBeNull();
  });

  it('is never below 0', () => {
    expect(secondsRemaining(IMPORT_PLAN, 'evaluating', 3, 2_000)).toBe(0);
  });
});
