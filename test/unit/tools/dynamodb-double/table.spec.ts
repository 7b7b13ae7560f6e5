import { describe, expect, it } from '@jest/globals';
import { Past } from '../../../../tools/dynamodb-double/tables/past.mjs';
import { KeySchema } from '../../../../tools/dynamodb-double/tables/key-schema.mjs';
import { SortedList } from '../../../../tools/dynamodb-double/tables/sorted-list.mjs';
import { Table } from '../../../../tools/dynamodb-double/tables/table.mjs';
import { Random } from '../../../support/generators/random.js';

describe('a sorted list', () => {
  it('holds what an array would, in its order, from anywhere in both directions', () => {
    const random = new Random(7);
    const list = new SortedList<number>((a, b) => a - b);
    const expected = new Set<number>();
    for (let n = 0; n < 6_000; n += 1) {
      const number = random.whole(0, 3_000);
      if (random.next() < 0.3) {
        list.remove(number);
        expected.delete(number);
      } else {
        list.put(number);
        expected.add(number);
      }
    }
    const order = [...expected].sort((a, b) => a - b);
    for (const from of [-1, 0, 700, 1_500.5, 3_000, 4_000]) {
      expect([...list.forwards(from)]).toEqual(order.filter((number) => number >= from));
      expect([...list.backwards(from)]).toEqual(order.filter((number) => number <= from).toReversed());
    }
  });
});

describe('an eventually consistent view', () => {
  it('is the table as it was so many writes ago, item by item and as a whole', () => {
    const schema = new KeySchema(
      [{ AttributeName: 'id', KeyType: 'HASH' }],
      [{ AttributeName: 'id', AttributeType: 'S' }],
    );
    const table = new Table(schema);
    const random = new Random(11);
    const all = {
      from: { hash: 0, partition: '', sort: '' },
      isFromIn: true,
      to: { hash: 2 ** 32, partition: '', sort: '' },
      isToIn: false,
    };
    const states: string[][] = [];
    for (let write = 0; write < 200; write += 1) {
      states.push([...table.walk(all, true)].map(({ item }) => JSON.stringify(item)));
      const item = { id: { S: `k${random.whole(0, 20)}` }, v: { N: String(write) } };
      const place = schema.placeOfItem(item);
      if (random.next() < 0.3) table.remove(place);
      else table.put({ ...place, item, size: 1 });
      // A removal of nothing is no write.
      if (table.writes.at(-1)?.place.partition !== place.partition) states.pop();
      const behind = Math.min(table.writes.length, random.whole(1, 8), states.length);
      const past = new Past(table, behind);
      const seen = [...past.walk(all, true)].map(({ item: { v, id } }) => JSON.stringify({ id, v }));
      expect(seen).toEqual(states.at(-behind));
      expect([...past.walk(all, false)].map(({ item: { v, id } }) => JSON.stringify({ id, v }))).toEqual(
        seen.toReversed(),
      );
    }
  });
});
