import { describe, expect, it } from '@jest/globals';
import { isSubmittedBefore } from '../../../../src/domain/surveys/survey-response.js';

describe('isSubmittedBefore', () => {
  it.each([
    ['2025-03-01', '2025-03-02T00:00:00.000Z', true],
    ['2025-03-01', '2025-03-01T23:59:59.999Z', false],
    ['2025-03-02', '2025-03-01T00:00:00.000Z', false],
    ['2025-03-01T10:00:00.000Z', '2025-03-01T10:00:00.001Z', true],
    ['2025-03-01T10:00:00.000Z', '2025-03-01T10:00:00.000Z', false],
    ['', '2025-03-01T10:00:00.000Z', false],
    ['01/02/2024', '2025-03-01T10:00:00.000Z', false],
  ])('%j before %s: %s', (date, moment, expected) => {
    expect(isSubmittedBefore(date, moment)).toBe(expected);
  });
});
