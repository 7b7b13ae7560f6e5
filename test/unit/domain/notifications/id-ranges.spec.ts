import { describe, expect, it } from '@jest/globals';
import { IdRanges } from '../../../../src/domain/notifications/id-ranges.js';
import { Random } from '../../../support/generators/random.js';

const of = (...ids: number[]): IdRanges => {
  const ranges = new IdRanges();
  for (const id of ids) ranges.add(id);
  return ranges;
};

describe('ranges of ids', () => {
  it('are what a set of the same ids is, whatever is done to them', () => {
    const random = new Random(Number(process.env.SEED ?? 4_711));
    for (let round = 0; round < 300; round += 1) {
      const [ranges, set] = [new IdRanges(), new Set<number>()];
      for (let step = 0; step < 40; step += 1) {
        const id = random.whole(1, 60);
        const what = random.whole(0, 9);
        if (what < 5) {
          ranges.add(id);
          set.add(id);
        } else if (what < 7) {
          const last = id + random.whole(0, 20);
          ranges.addRun(id, last);
          for (let each = id; each <= last; each += 1) set.add(each);
        } else if (what < 9) {
          ranges.delete(id);
          set.delete(id);
        } else {
          ranges.deleteTo(id);
          for (const each of [...set]) if (each <= id) set.delete(each);
        }
      }
      const ids = [...set].sort((a, b) => a - b);
      const where = `seed ${random.seed}, round ${round}`;
      expect([where, ...ranges]).toEqual([where, ...ids]);
      expect([where, ...IdRanges.parse(ranges.toString())]).toEqual([where, ...ids]);
      expect([ranges.first, ranges.last, ranges.size]).toEqual([ids[0], ids.at(-1), ids.length]);
      expect(ranges.runCount).toBe(ids.filter((id) => !set.has(id - 1)).length);
      for (let id = 0; id <= 90; id += 1) {
        expect(ranges.has(id)).toBe(set.has(id));
        expect(ranges.firstFrom(id)).toBe(ids.find((each) => each >= id));
      }
      const inner = ids.filter((id) => id > 10 && id <= 50);
      const rest = Array.from({ length: 40 }, (_, index) => index + 11).filter((id) => !inner.includes(id));
      expect([...IdRanges.complement(ranges, 10, 50)]).toEqual(rest);
    }
  });

  it('unite', () => {
    expect([...IdRanges.union([of(5, 6), of(1, 7), new IdRanges(), of(6, 9)])]).toEqual([1, 5, 6, 7, 9]);
    expect(IdRanges.union([of(1, 2), of(3)]).runCount).toBe(1);
  });

  it('are short where ids follow each other', () => {
    const ranges = new IdRanges();
    ranges.addRun(1_795_378_412_019, 1_795_378_417_018);
    expect(ranges.toString()).toHaveLength('mwsffs9v+3uv'.length);
    expect(IdRanges.parse('').isEmpty).toBe(true);
  });

  it.each(['x y', '1,,2', '-1', '1+', '+3', 'A'])('are not read from %p', (text) => {
    expect(() => IdRanges.parse(text)).toThrow(RangeError);
  });
});
