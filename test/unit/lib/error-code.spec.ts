import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { codeOf } from '../../../src/lib/error-code.js';

describe('the code of an error', () => {
  it('is that of Node', async () => {
    const error: unknown = await readFile('/no/such/file').catch((failure: unknown) => failure);
    expect(codeOf(error)).toBe('ENOENT');
  });

  it('is text, also where a library gives a number', () => {
    expect(codeOf(Object.assign(new Error('refused'), { code: 550 }))).toBe('550');
  });

  it.each([new Error('plain'), undefined, null, 'ENOENT', { code: undefined }, { code: {} }])(
    'is absent where there is none: %p',
    (error) => {
      expect(codeOf(error)).toBeUndefined();
    },
  );
});
