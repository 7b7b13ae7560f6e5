import { describe, expect, it } from '@jest/globals';
import {
  DEFAULT_INSTRUMENT,
  parseInstrument,
  scoredQuestions,
} from '../../../../src/domain/surveys/questionnaire.js';
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

describe('parseInstrument', () => {
  const custom = {
    scale: { min: 0, max: 10 },
    required_questions: [1],
    dimensions: [{ name: 'Mood', questions: [1, 2, 3] }],
    rates: {
      stress_rate: { terms: ['Mood'], direction: 'inverse' },
      engagement_rate: { terms: ['Mood'], direction: 'direct' },
      attrition_rate: { terms: [1], direction: 'inverse' },
    },
  };

  it('reads a questionnaire with another scale', () => {
    const instrument = parseInstrument(custom);
    expect(scoredQuestions(instrument)).toEqual([1, 2, 3]);
    expect(score(answers({ 1: 1, 2: 1, 3: 2 }), instrument)).toEqual({
      dimensions: { Mood: 1.33 },
      rates: { stress_rate: 86.7, engagement_rate: 13.3, attrition_rate: 90 },
    });
  });

  it.each([
    ['scale', { ...custom, scale: { min: 5, max: 1 } }, 'scale.min must be below'],
    [
      'a term',
      { ...custom, rates: { ...custom.rates, stress_rate: { terms: ['Nope'], direction: 'direct' } } },
      'rate stress_rate',
    ],
    ['a huge scale', { ...custom, scale: { min: 0, max: 1e9 } }, '1000 steps at most'],
    ['a dimension', { ...custom, dimensions: [{ name: 'a b', questions: [1] }] }, 'each dimension'],
    ['twins', { ...custom, dimensions: [...custom.dimensions, ...custom.dimensions] }, 'same name'],
    ['everything', [], 'must be a JSON object'],
  ])('names what is wrong with %s', (_, json, message) => {
    expect(() => parseInstrument(json)).toThrow(message);
  });
});
