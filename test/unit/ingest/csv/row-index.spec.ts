import { describe, expect, it } from '@jest/globals';
import { RowIndex } from '../../../../src/ingest/csv/row-index.js';

describe('SeenIds', () => {
  it('tells where an id stood first, whatever text the id is', () => {
    const seen = new RowIndex();
    const ids = ['E1', '', '__proto__', 'constructor', 'Ünï → 人', 'e1'];
    ids.forEach((id, index) => seen.add(id, { row: index, digest: index * 10 }));
    expect(ids.map((id) => seen.find(id))).toEqual(
      ids.map((_, index) => ({ row: index, digest: index * 10 })),
    );
  });

  it('does not know what was never added', () => {
    const seen = new RowIndex();
    seen.add('E1', { row: 0, digest: 0 });
    expect([seen.find('E2'), seen.find('toString'), seen.find('')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('counts the copies of each id', () => {
    const seen = new RowIndex();
    for (const [row, id] of ['a', 'b'].entries()) seen.add(id, { row, digest: 0 });
    for (const id of ['b', 'b', 'unknown']) seen.addCopy(id);
    expect(['a', 'b', 'unknown'].map((id) => seen.copiesOf(id))).toEqual([0, 2, 0]);
  });
});
