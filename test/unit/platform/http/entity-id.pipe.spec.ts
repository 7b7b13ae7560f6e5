import { describe, expect, it } from '@jest/globals';
import { EntityIdPipe } from '../../../../src/platform/http/entity-id.pipe.js';

describe('EntityIdPipe', () => {
  it.each(['E1', '', '__proto__', 'i'.repeat(256), '€'.repeat(256)])('lets %j through as it is', (id) => {
    expect(new EntityIdPipe().transform(id)).toBe(id);
  });

  it('says of a longer id that there is no such thing, before a store is asked', () => {
    expect(() => new EntityIdPipe().transform('i'.repeat(257))).toThrow(
      expect.objectContaining({ code: 'not_found' }),
    );
  });
});
