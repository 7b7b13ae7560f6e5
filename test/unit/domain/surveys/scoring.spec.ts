import { describe, expect, it } from '@jest/globals';
import { DEFAULT_INSTRUMENT } from '../../../../src/domain/surveys/questionnaire.js';
import {
  divideHalfEven,
  meanOfUnits,
  toUnits,
  score,
  type Answers,
} from '../../../../src/domain/surveys/scoring.js';

/** Answers by question number: `{ 3: 4 }`. */
function answers(given: Record<number, number>): Answers {
  const list: (number | undefined)[] = [];
  for (const [question, answer] of Object.entries(given)) list[Number(question)] = answer;
  return list;
}

describe('rounding', () => {
  it.each([
    [5, 10, 0],
    [15, 10, 2],
    [25, 10, 2],
    [-5, 10, 0],
    [-15, 10, -2],
    [26, 10, 3],
    [1, 3, 0],
    [2, 3, 1],
  ])('%d / %d is %d, half to even', (numerator, denominator, expected) => {
    expect(divideHalfEven(numerator, denominator) + 0).toBe(expected);
  });

  it('means of decimals are exact where floating point is not', () => {
    const values = [31.2, 31.2, 31.2, 31.3];
    expect(
      meanOfUnits(
        values.map(toUnits).reduce((a, b) => a + b),
        4,
        2,
      ),
    ).toBe(31.22);
  });
});

describe('score', () => {
  it('computes the dimensions and rates of the contract', () => {
    const { dimensions, rates } = score(
      answers({ 1: 4, 9: 5, 3: 2, 11: 3, 7: 4, 15: 4, 12: 2, 8: 1 }),
      DEFAULT_INSTRUMENT,
    );
    expect(dimensions).toEqual({
      Employee_Engagement: 4.5,
      Enablement: 2.5,
      Culture_Values: 4,
      Development: 2,
      ESG: 1,
    });
    expect(rates).toEqual({ stress_rate: 43.8, engagement_rate: 87.5, attrition_rate: 50 });
  });

  it.each([
    [{ 3: 4, 11: 4, 7: 3, 15: 4 }, 31.2],
    [{ 3: 4, 11: 3, 7: 3, 15: 3 }, 43.8],
    [{ 3: 1, 7: 1 }, 100],
    [{ 3: 5, 7: 5 }, 0],
  ])('rounds stress half to even: %j is %d', (given, stress) => {
    expect(score(answers(given), DEFAULT_INSTRUMENT).rates.stress_rate).toBe(stress);
  });

  it.each([
    ['stress_rate', { 3: 1, 11: 1 }],
    ['stress_rate', { 7: 1, 15: 1 }],
    ['attrition_rate', { 1: 3 }],
    ['attrition_rate', { 12: 3 }],
    ['engagement_rate', { 2: 3 }],
  ] as const)('has no %s when only %j is answered', (rate, given) => {
    expect(score(answers(given), DEFAULT_INSTRUMENT).rates[rate]).toBeUndefined();
  });

  it('takes the mean of the answers given when one is blank', () => {
    expect(score(answers({ 3: 2, 7: 5 }), DEFAULT_INSTRUMENT).rates.stress_rate).toBe(37.5);
  });

  it('has nothing at all for a blank response', () => {
    expect(score([], DEFAULT_INSTRUMENT)).toEqual({ dimensions: {}, rates: {} });
  });
});
