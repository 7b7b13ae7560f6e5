import { describe, expect, it } from '@jest/globals';
import type { Department } from '../../../../src/domain/people/department.js';
import { evaluateDepartment } from '../../../../src/domain/alerts/evaluate.js';
import { NO_METRICS } from '../../../../src/domain/surveys/scores.js';
import { RollUp } from '../../../../src/domain/people/roll-up.js';
import { builtInRules } from '../../../../src/domain/alerts/rules.js';
import {
  asShown,
  isHiddenAlike,
  publishable,
  withheldGroups,
  takesScores,
  visibilityOf,
  type Group,
} from '../../../../src/domain/people/small-groups.js';
import { Random } from '../../../support/generators/random.js';

const SEEDS = [1, 2, 3, 4];
const groups = (...sizes: number[]): Group[] => sizes.map((respondents, n) => ({ id: `D${n}`, respondents }));
const hiddenOf = (min: number, ...sizes: number[]) => [...withheldGroups(groups(...sizes), min)].sort();

describe('withheldGroups', () => {
  it.each([
    ['nobody where all are large enough', [5, 6], []],
    ['the next smallest with a single small one', [9, 2, 6], ['D1', 'D2']],
    ['no more than the small ones where these are enough together', [9, 2, 3], ['D1', 'D2']],
    ['further ones until those hidden are enough together', [9, 1, 1, 6, 7], ['D1', 'D2', 'D3']],
    ['all where they are too few together', [1, 2], ['D0', 'D1']],
    ['the only one', [4], ['D0']],
    ['the lower id of two of a size', [7, 7, 3], ['D0', 'D2']],
    ['nobody for the sake of one without respondents', [0, 5, 6], []],
    ['not one without respondents', [0, 4, 6, 9], ['D1', 'D2']],
  ])('hides %s', (_what, sizes, hidden) => {
    expect(hiddenOf(5, ...sizes)).toEqual(hidden);
  });

  it('hides what was hidden before, and what that gives away', () => {
    expect([...withheldGroups(groups(9, 8, 7), 5, new Set(['D1']))].sort()).toEqual(['D1', 'D2']);
  });

  it.each(SEEDS)('leaves no group to be subtracted, and hides no more than it must (seed %i)', (seed) => {
    const random = new Random(seed);
    for (let round = 0; round < 1_000; round += 1) {
      const min = random.whole(1, 8);
      const all = groups(...Array.from({ length: random.whole(0, 9) }, () => random.whole(0, 10)));
      const hidden = withheldGroups(all, min);
      const context = JSON.stringify({ seed, min, all });
      const counted = all.filter(({ respondents }) => respondents > 0);
      const shown = counted.filter(({ id }) => !hidden.has(id));
      const kept = counted.filter(({ id }) => hidden.has(id));
      const together = kept.reduce((sum, { respondents }) => sum + respondents, 0);
      const isEverything = kept.length === counted.length;
      expect([context, hidden.size]).toEqual([context, kept.length]);
      expect([context, shown.filter(({ respondents }) => respondents < min)]).toEqual([context, []]);
      if (hidden.size > 0) {
        expect([context, isEverything || hidden.size >= 2]).toEqual([context, true]);
        expect([context, isEverything || together >= min]).toEqual([context, true]);
        // The largest of those hidden was needed.
        const largest = Math.max(...kept.map(({ respondents }) => respondents));
        const isNeeded = largest < min || kept.length <= 2 || together - largest < min;
        expect([context, isNeeded]).toEqual([context, true]);
      } else
        expect([context, counted.every(({ respondents }) => respondents >= min)]).toEqual([context, true]);
      const reversed = withheldGroups(all.toReversed(), min);
      expect([context, [...reversed].sort()]).toEqual([context, [...hidden].sort()]);
      if (min === 1) expect(hidden.size).toBe(0);
    }
  });
});

describe('publishable', () => {
  const rollUp = (respondents: number, answeredEsg: number) => {
    const sum = new RollUp();
    for (let n = 0; n < respondents; n += 1)
      sum.add({ dimensions: n < answeredEsg ? { ESG: 2 } : {}, rates: { stress_rate: 50 } });
    return sum;
  };

  it('leaves out a score of too few, and the one that would give it away', () => {
    const [few, some, all] = [rollUp(9, 1), rollUp(8, 6), rollUp(9, 9)];
    const shown = publishable(
      [
        { id: 'few', rollUp: few },
        { id: 'some', rollUp: some },
        { id: 'all', rollUp: all },
      ],
      5,
    );
    const rates = { stress_rate: 50 };
    expect(Object.fromEntries(shown)).toEqual({
      few: { dimensions: {}, rates },
      some: { dimensions: {}, rates },
      all: { dimensions: { ESG: 2 }, rates },
    });
  });

  it('leaves out nothing where all are shown', () => {
    const shown = publishable([{ id: 'one', rollUp: rollUp(1, 1) }], 1);
    expect(shown.get('one')).toEqual({ dimensions: { ESG: 2 }, rates: { stress_rate: 50 } });
  });
});

const scored: Department = {
  departmentId: 'D1',
  departmentName: 'Sales',
  metrics: { dimensions: { ESG: 2 }, rates: { engagement_rate: 20 } },
  engagementScore: 20,
  overallRisk: 'critical',
  respondents: 5,
  minGroupSize: 5,
};
const unscored: Department = { departmentId: 'D1', departmentName: 'Sales', metrics: NO_METRICS };

describe('a stored department', () => {
  const { minGroupSize: _, ...unmarked } = scored;
  it.each([
    ['shown', 'that is large enough', scored],
    ['shown', 'that has nothing to show', { ...unscored, respondents: 0 }],
    ['withheld', 'that is marked so, whatever another tool wrote', { ...scored, withheld: true }],
    ['withheld', 'of fewer respondents than another tool made it look', { ...scored, respondents: 4 }],
    ['withheld', 'of unknown respondents', { ...unscored, minGroupSize: 5, overallRisk: 'critical' }],
    ['withheld', 'whose one score another tool wrote', { ...unscored, minGroupSize: 5, engagementScore: 1 }],
    ['outdated', 'that was rolled up when smaller ones were shown', { ...scored, minGroupSize: 4 }],
    ['outdated', 'that another tool has made', unmarked],
  ] as const)('is %s: one %s', (visibility, _what, department) => {
    expect(visibilityOf(department, 5)).toBe(visibility);
    const seen = asShown(department, 5);
    if (visibility === 'shown') expect(seen).toBe(department);
    else expect(seen).toEqual({ ...unscored, withheld: true });
    expect(visibilityOf(department, 1)).toBe('shown');
  });

  it('raises nothing and clears quietly while withheld, and waits while outdated', () => {
    const { department_critical: rule } = builtInRules(40, 5);
    const raised = evaluateDepartment(rule, scored, undefined, 1);
    if (raised.change !== 'raise') throw new Error('a shown critical department must raise');
    const active = { ...raised.event, id: 7 };
    const withheld = { ...scored, withheld: true };
    const outdated = { ...scored, minGroupSize: 4 };
    expect(evaluateDepartment(rule, withheld, undefined, 2)).toEqual({ change: 'none', because: 'withheld' });
    const verdict = evaluateDepartment(rule, withheld, active, 2);
    expect(verdict).toMatchObject({ change: 'clear', event: { reason: 'deleted', raisedId: 7 } });
    expect(verdict).not.toHaveProperty('event.value');
    for (const before of [undefined, active])
      expect(evaluateDepartment(rule, outdated, before, 2)).toEqual({ change: 'none', because: 'outdated' });
  });

  it('takes scores by hand only where these would be shown', () => {
    expect(takesScores(scored, 5)).toBe(true);
    expect(takesScores({ ...unscored, minGroupSize: 5, respondents: 0 }, 5)).toBe(false);
    expect(takesScores(unscored, 1)).toBe(true);
  });

  it('hides alike whatever the scores are', () => {
    const other = { ...scored, metrics: { ...scored.metrics, dimensions: { ESG: 5 } } };
    expect(isHiddenAlike(scored, other)).toBe(true);
    expect(isHiddenAlike(scored, { ...other, metrics: { ...other.metrics, dimensions: {} } })).toBe(false);
    expect(isHiddenAlike(scored, { ...scored, withheld: true })).toBe(false);
    expect(isHiddenAlike(scored, { ...scored, minGroupSize: 6 })).toBe(false);
  });
});
