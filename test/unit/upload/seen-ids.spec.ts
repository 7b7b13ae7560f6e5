import { describe, expect, it } from '@jest/globals';
import { SeenIds } from '../../../src/upload/seen-ids.js';

describe('SeenIds', () => {
  it('tells where an id stood first, whatever text the id is', () => {
    const seen = new SeenIds();
    const ids = ['E1', '', '__proto__', 'constructor', 'Ünï → 人', 'e1'];
    ids.forEach((id, index) => seen.add(id, { row: index, line: index + 2, digest: index * 10 }));
    expect(ids.map((id) => seen.find(id))).toEqual(
      ids.map((_, index) => ({ row: index, line: index + 2, digest: index * 10 })),
    );
  });

  it('does not know what was never added', () => {
    const seen = new SeenIds();
    seen.add('E1', { row: 0, line: 2, digest: 0 });
    expect([seen.find('E2'), seen.find('toString'), seen.find('')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
