import { describe, expect, it } from '@jest/globals';
import { FileError } from '../../../src/config/file-schema.js';
import { parseInstrument } from '../../../src/config/instrument-file.js';
import { scoredQuestions } from '../../../src/domain/surveys/questionnaire.js';
import { score } from '../../../src/domain/surveys/scoring.js';

function problemsOf(json: unknown): readonly string[] {
  try {
    parseInstrument(json);
  } catch (error) {
    if (error instanceof FileError) return error.problems;
    throw error;
  }
  return [];
}

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
    expect(score([undefined, 1, 1, 2], instrument)).toEqual({
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

  it('lists everything that is wrong, by its place', () => {
    const json = {
      name: 7,
      scale: { min: 'hunter2', max: 5.5 },
      required_questions: [],
      dimensions: [{ name: 'hunter2!', questions: [0, 1, 1_000] }, { name: 'Mood' }, 3],
      rates: {
        stress_rate: { terms: ['Mood', 'hunter2!', 'nope', 0], direction: 'up' },
        engagement_rate: { terms: [], direction: 'direct' },
      },
    };
    const problems = problemsOf(json);
    expect(problems.map((problem) => problem.slice(0, problem.indexOf(' ')))).toEqual([
      'name',
      'scale.min',
      'scale.max',
      'required_questions',
      'dimensions[0].name',
      'dimensions[0].questions[0]',
      'dimensions[0].questions[2]',
      'dimensions[1].questions',
      'dimensions[2]',
      'rates.stress_rate.terms[2]',
      'rates.stress_rate.terms[3]',
      'rates.stress_rate.direction',
      'rates.engagement_rate.terms',
      'rates.attrition_rate',
    ]);
    expect(problems.join()).not.toContain('hunter2');
  });
});
