import { describe, expect, it } from '@jest/globals';
import { updated } from '../../../../tools/dynamodb-double/expressions/apply-update.mjs';
import { Placeholders } from '../../../../tools/dynamodb-double/expressions/placeholders.mjs';
import { projected, projectionOf } from '../../../../tools/dynamodb-double/expressions/projection.mjs';
import { updateOf } from '../../../../tools/dynamodb-double/expressions/updates.mjs';

const ITEM = {
  count: { N: '9007199254740993' },
  seq: { L: [{ N: '0' }, { N: '1' }, { N: '2' }] },
  doc: { M: { x: { N: '1' }, y: { N: '2' } } },
  tags: { SS: ['a', 'b'] },
};
const VALUES = {
  ':one': { N: '1' },
  ':text': { S: 't' },
  ':more': { L: [{ N: '3' }] },
  ':set': { SS: ['b', 'c'] },
  ':all': { SS: ['a', 'b'] },
};

function placeholders(): Placeholders {
  return new Placeholders(
    { ExpressionAttributeNames: { '#c': 'count' }, ExpressionAttributeValues: VALUES },
    true,
  );
}
const update = (text: string) => updated(updateOf(text, placeholders()), ITEM);

describe('an update', () => {
  it.each<[string, object]>([
    ['SET #c = #c + :one', { count: { N: '9007199254740994' } }],
    ['SET fresh = if_not_exists(fresh, :one), #c = if_not_exists(#c, :one)', { fresh: { N: '1' } }],
    ['SET seq = list_append(seq, :more)', { seq: { L: ['0', '1', '2', '3'].map((N) => ({ N })) } }],
    ['REMOVE seq[0], seq[1]', { seq: { L: [{ N: '2' }] } }],
    ['SET seq[9] = :one', { seq: { L: ['0', '1', '2', '1'].map((N) => ({ N })) } }],
    ['SET doc.x = doc.y, doc.y = doc.x', { doc: { M: { x: { N: '2' }, y: { N: '1' } } } }],
    [
      'ADD #c :one, fresh :one, tags :set',
      { fresh: { N: '1' }, tags: { SS: ['a', 'b', 'c'] }, count: { N: '9007199254740994' } },
    ],
    ['DELETE tags :set', { tags: { SS: ['a'] } }],
    ['DELETE tags :all', { tags: undefined }],
    ['REMOVE doc.x SET doc.z = :text', { doc: { M: { y: { N: '2' }, z: { S: 't' } } } }],
  ])('%s', (text, changed) => {
    const before = structuredClone(ITEM);
    expect(update(text)).toEqual(JSON.parse(JSON.stringify({ ...ITEM, ...changed })));
    expect(ITEM).toEqual(before);
  });

  it.each([
    ['SET a = :one SET b = :one', 'can only be used once'],
    ['SET a = :one, a.b = :one', 'overlap'],
    ['SET a[0] = :one, a.b = :one', 'conflict'],
    ['SET a = absent', 'does not exist in the item'],
    ['SET a = doc + :one', 'incorrect data type'],
    ['SET absent.x = :one', 'invalid for update'],
    ['ADD doc :one', 'incorrect data type'],
    ['ADD a :text', 'operand type: S'],
    ['DELETE a :one', 'operand type: N'],
    ['ADD doc.x :one', 'top-level'],
    ['CHANGE a = :one', 'Syntax error'],
    ['SET count = :one', 'reserved keyword: count'],
  ])('%s is refused', (text, why) => {
    expect(() => update(text)).toThrow(why);
  });
});

describe('a projection', () => {
  const shown = (text: string) => projected(ITEM, projectionOf(text, placeholders()));

  it('shows what is there, at its place', () => {
    expect(shown('doc.y, seq[2], seq[0], absent.x')).toEqual({
      doc: { M: { y: { N: '2' } } },
      seq: { L: [{ N: '0' }, { N: '2' }] },
    });
    expect(shown('absent')).toEqual({});
  });

  it('names nothing twice', () => {
    expect(() => shown('doc, doc.x')).toThrow('overlap');
  });
});
