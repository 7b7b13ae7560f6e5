import { describe, expect, it } from '@jest/globals';
import { newChannelState } from '../../../../src/domain/notifications/channel-state.js';
import { readProgress } from '../../../../src/domain/notifications/channel-progress.js';
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
  const firing = [STRESS_RAISED, DEPARTMENT_RAISED];
  const { notifiedByOldRoutes, neverNotified } = reroute(
    state,
    readProgress(state),
    new Routing(next),
    firing,
  );
  return { notified: [...notifiedByOldRoutes], never: [...neverNotified] };
}

describe('other routes', () => {
  it('remember what old routes sent, and what only new routes accept', () => {
    expect(remembered(PEOPLE, DEPARTMENTS)).toEqual({ notified: [184], never: [185] });
    expect(remembered(PEOPLE, NOBODY)).toEqual({ notified: [184], never: [] });
    expect(remembered(NOBODY, PEOPLE)).toEqual({ notified: [], never: [184] });
  });

  it('have nothing to remember of what both send, or neither', () => {
    expect(remembered(PEOPLE, PEOPLE)).toEqual({ notified: [], never: [] });
    expect(remembered(NOBODY, NOBODY)).toEqual({ notified: [], never: [] });
  });

  it('do not touch what is not settled yet, or is older than the destination', () => {
    expect(remembered(PEOPLE, DEPARTMENTS, { cursor: 150 })).toEqual({ notified: [], never: [] });
    expect(remembered(PEOPLE, DEPARTMENTS, { cursor: 150, done: text(184) }).notified).toEqual([184]);
    expect(remembered(PEOPLE, DEPARTMENTS, { since: 200 })).toEqual({ notified: [], never: [] });
  });

  it('know that what was suppressed or dead-lettered was not sent', () => {
    for (const set of ['untold', 'buried'])
      expect(remembered(PEOPLE, NOBODY, { [set]: text(184) }).notified).toEqual([]);
  });

  it('remember what older routes had remembered', () => {
    expect(remembered(NOBODY, NOBODY, { toldBefore: text(184) }).notified).toEqual([184]);
    expect(remembered(PEOPLE, PEOPLE, { neverTold: text(184) }).never).toEqual([184]);
    expect(remembered(PEOPLE, NOBODY, { neverTold: text(184) }).notified).toEqual([]);
  });
});
