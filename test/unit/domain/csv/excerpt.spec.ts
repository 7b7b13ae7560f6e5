import { describe, expect, it } from '@jest/globals';
import { excerpt } from '../../../../src/domain/csv/import-issue.js';

describe('excerpt', () => {
  it.each([
    ['', ''],
    ['x'.repeat(80), 'x'.repeat(80)],
    ['x'.repeat(81), 'x'.repeat(80)],
    [`${'x'.repeat(78)}😀y`, `${'x'.repeat(78)}😀`],
    [`${'x'.repeat(79)}😀y`, 'x'.repeat(79)],
  ])('of %j', (text, expected) => {
    expect(excerpt(text)).toBe(expected);
  });
});
