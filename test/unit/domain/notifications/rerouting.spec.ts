import { describe, expect, it } from '@jest/globals';
import { newChannelState } from '../../../../src/domain/notifications/channel-state.js';
import { IdRanges } from '../../../../src/domain/notifications/id-ranges.js';
import { reroute, Routing, type Route } from '../../../../src/domain/notifications/routing.js';
import { DEPARTMENT_RAISED, STRESS_RAISED } from '../../../support/generators/notifications.js';

const route = (differing: Partial<Route>): Route => ({
  match: {},
  to: ['it'],
  repeatMs: 0,
  continue: false,
  ...differing,
});
const PEOPLE = [route({ match: { types: ['employee_stress'] } })];
const DEPARTMENTS = [route({ match: { types: ['department_critical'] } })];
const NOBODY = [route({ to: ['other'] })];
const text = (...ids: number[]) => {
  const ranges = new IdRanges();
  for (const id of ids) ranges.add(id);
  return ranges.toString();
};

/** What is remembered of a stressed employee (184) and a critical department (185) that fire. */
function remembered(before: Route[], next: Route[], differing: object = {}) {
  const state = {
    ...newChannelState('it', 'it', { head: 100, routes: JSON.stringify(before) }),
    cursor: 300,
    ...differing,
  };
  const { toldBefore, neverTold } = reroute(state, new Routing(next), [STRESS_RAISED, DEPARTMENT_RAISED]);
  return { toldBefore: [...IdRanges.parse(toldBefore)], neverTold: [...IdRanges.parse(neverTold)] };
}

describe('other routes', () => {
  it('leave what was told by routes that are gone told, and what no route told of untold', () => {
    expect(remembered(PEOPLE, DEPARTMENTS)).toEqual({ toldBefore: [184], neverTold: [185] });
    expect(remembered(PEOPLE, NOBODY)).toEqual({ toldBefore: [184], neverTold: [] });
    expect(remembered(NOBODY, PEOPLE)).toEqual({ toldBefore: [], neverTold: [184] });
  });

  it('have nothing to remember of what both tell, or none', () => {
    expect(remembered(PEOPLE, PEOPLE)).toEqual({ toldBefore: [], neverTold: [] });
    expect(remembered(NOBODY, NOBODY)).toEqual({ toldBefore: [], neverTold: [] });
  });

  it('do not touch what is not settled yet, or was before the destination was there', () => {
    expect(remembered(PEOPLE, DEPARTMENTS, { cursor: 150 })).toEqual({ toldBefore: [], neverTold: [] });
    expect(remembered(PEOPLE, DEPARTMENTS, { cursor: 150, done: text(184) }).toldBefore).toEqual([184]);
    expect(remembered(PEOPLE, DEPARTMENTS, { since: 200 })).toEqual({ toldBefore: [], neverTold: [] });
  });

  it('know that what was withheld or buried was not told', () => {
    for (const set of ['untold', 'buried'])
      expect(remembered(PEOPLE, NOBODY, { [set]: text(184) }).toldBefore).toEqual([]);
  });

  it('remember what the ones before remembered', () => {
    expect(remembered(NOBODY, NOBODY, { toldBefore: text(184) }).toldBefore).toEqual([184]);
    expect(remembered(PEOPLE, PEOPLE, { neverTold: text(184) }).neverTold).toEqual([184]);
    expect(remembered(PEOPLE, NOBODY, { neverTold: text(184) }).toldBefore).toEqual([]);
  });
});
