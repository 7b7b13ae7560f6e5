import { describe, expect, it } from '@jest/globals';
import { closed, newTotals, opened, recomputed } from '../../../../src/domain/people/department-totals.js';
import { RollUp } from '../../../../src/domain/people/roll-up.js';

const SCORES = { dimensions: { ESG: 3 }, rates: { stress_rate: 50 } };

/** So many employees more, or less. */
function change(count: number): RollUp {
  const rollUp = new RollUp();
  for (let n = 0; n < Math.abs(count); n += 1) rollUp.add(SCORES, count < 0 ? -1 : 1);
  return rollUp;
}

const empty = newTotals('sales', 'Sales', false);

describe('the totals of a department', () => {
  it('have what was counted between opening and closing', () => {
    const first = closed(opened(empty, 'a', 'one'), 'a', change(3));
    expect(first).toMatchObject({ revision: 2, open: {}, isDirty: false, sums: change(3).sums });
    const second = closed(opened(first, 'b', 'two'), 'b', change(-1));
    expect(second).toMatchObject({ revision: 4, sums: change(2).sums, isDirty: false });
  });

  it('hold counts of several at once, and may be less than nothing in between', () => {
    const both = opened(opened(empty, 'a', 'one'), 'b', 'two');
    expect(both.open).toEqual({ a: 'one', b: 'two' });
    const between = closed(both, 'b', change(-1));
    expect(between).toMatchObject({ open: { a: 'one' }, isDirty: false });
    expect(closed(between, 'a', change(3))).toMatchObject({ sums: change(2).sums, isDirty: false });
  });

  it.each([
    ['more was taken away than was there', () => closed(opened(empty, 'a', 'one'), 'a', change(-1))],
    ['it is not known what changed', () => closed(opened(empty, 'a', 'one'), 'a', 'tainted')],
    ['the count is not open any more', () => closed(empty, 'a', change(1))],
    ['nobody knew who was in it before', () => newTotals('sales', 'Sales', true)],
  ])('are to be computed anew where %s', (_what, totals) => {
    expect(totals().isDirty).toBe(true);
    expect(closed(opened(totals(), 'b', 'one'), 'b', change(5)).isDirty).toBe(true);
    expect(recomputed(totals(), change(4).sums)).toMatchObject({
      isDirty: false,
      sums: change(4).sums,
      open: {},
    });
  });

  it('are to be computed anew where more have a score than answered', () => {
    const scoreOnly = RollUp.of({ ...new RollUp().sums, rates: { stress_rate: { units: 500, count: 1 } } });
    expect(closed(opened(empty, 'a', 'one'), 'a', scoreOnly).isDirty).toBe(true);
  });
});
