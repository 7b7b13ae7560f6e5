import { describe, expect, it } from '@jest/globals';
import { dimensionsOf, touches, withChanges, withRates } from '../../../../src/people/directory/patch.js';

const NAMES = ['a', 'b', 'c'] as const;

describe('withChanges', () => {
  it('replaces by a value, removes by null and leaves alone what is not named', () => {
    expect(withChanges(NAMES, { a: 1, b: 2 }, { a: null, c: 3 })).toEqual({ b: 2, c: 3 });
  });

  it('takes 0 for a value', () => {
    expect(withChanges(NAMES, { a: 1 }, { a: 0 })).toEqual({ a: 0 });
  });
});

describe('touches', () => {
  it('counts a removal as a change, and an absent field as none', () => {
    expect([touches(NAMES, { a: null }), touches(NAMES, { a: 0 }), touches(NAMES, { a: undefined })]).toEqual(
      [true, true, false],
    );
  });
});

describe('metrics', () => {
  const metrics = { dimensions: { Company_Confidence: 3 }, rates: { stress_rate: 50, engagement_rate: 60 } };

  it('keep their dimensions when a rate is edited', () => {
    expect(withRates(metrics, { stress_rate: null, attrition_rate: 0 })).toEqual({
      dimensions: { Company_Confidence: 3 },
      rates: { engagement_rate: 60, attrition_rate: 0 },
    });
  });

  it('show dimensions in snake_case', () => {
    expect(dimensionsOf(metrics)).toEqual({ company_confidence: 3 });
  });
});
