import { describe, expect, it } from '@jest/globals';
import { Routing, type Routable, type Route } from '../../../../src/domain/notifications/routing.js';

const route = (parts: Partial<Route>): Route => ({
  match: {},
  to: ['all'],
  repeatMs: 0,
  continue: false,
  ...parts,
});
const stress = (department: string): Routable => ({ alert: 'employee_stress', department });
const critical = (department: string): Routable => ({ alert: 'department_critical', department });

describe('routing', () => {
  const routing = new Routing([
    route({ match: { types: ['department_critical'] }, to: ['slack', 'mail'], groupWindowMs: 0 }),
    route({ match: { types: ['employee_stress'], departments: ['Sales '] }, to: ['hook'], continue: true }),
    route({ match: { severities: ['warning'] }, to: ['slack', 'hook'], groupWindowMs: 30_000 }),
  ]);
  const windowOf = (event: Routable, receiver: string) => {
    const lane = routing.laneOf(event, receiver);
    return lane && (lane.groupWindowMs ?? 'usual');
  };

  it('takes the first route that matches', () => {
    expect(windowOf(critical('Sales'), 'slack')).toBe(0);
    expect(windowOf(critical('Sales'), 'hook')).toBeUndefined();
    expect(windowOf(stress('Legal'), 'slack')).toBe(30_000);
    expect(windowOf(stress('Legal'), 'mail')).toBeUndefined();
    expect(windowOf(stress('Legal'), 'nobody')).toBeUndefined();
  });

  it('looks on behind a route that says so, and tells nobody twice', () => {
    expect(windowOf(stress('SALES'), 'hook')).toBe('usual');
    expect(windowOf(stress('SALES'), 'slack')).toBe(30_000);
  });

  it('knows the lanes of a receiver, in the order of the routes', () => {
    expect(routing.lanesOf('slack').map(({ groupWindowMs }) => groupWindowMs)).toEqual([0, 30_000]);
    expect(routing.lanesOf('nobody')).toEqual([]);
  });

  it('gives routes that say the same one lane, whatever order their lists have', () => {
    const [a, b] = [
      ['Sales', 'legal'],
      ['LEGAL', 'sales'],
    ].map((departments) => route({ match: { departments } }));
    expect(new Routing([a, b].flatMap((each) => each ?? [])).lanesOf('all')).toHaveLength(1);
    expect(new Routing([route({}), route({ repeatMs: 60_000 })]).lanesOf('all')).toHaveLength(2);
  });
});
