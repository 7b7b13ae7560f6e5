import type { RaisedEvent } from './alerts/alert.js';
import type { ChannelState } from './notifications/channel-state.js';
import { IdRanges } from './notifications/id-ranges.js';
import { Routing, type Route } from './notifications/routing.js';

/**
 * What a destination must remember when its routes change: of the alerts that fire and are settled, which ones it was
 * told of although no route accepts them any more, and which ones it was never told of although one does now. So a clear
 * follows its raise, and nothing is said to be over to who was not told that it began.
 */
export function reroute(
  state: Pick<
    ChannelState,
    'receiver' | 'routes' | 'since' | 'cursor' | 'done' | 'untold' | 'buried' | 'toldBefore' | 'neverTold'
  >,
  next: Routing,
  active: Iterable<RaisedEvent>,
): Pick<ChannelState, 'toldBefore' | 'neverTold'> {
  const before = new Routing(JSON.parse(state.routes) as Route[]);
  const sets = [state.untold, state.buried, state.neverTold].map((text) => IdRanges.parse(text));
  const [done, toldBefore] = [IdRanges.parse(state.done), IdRanges.parse(state.toldBefore)];
  const [told, never] = [new IdRanges(), IdRanges.parse(state.neverTold)];
  for (const raised of active) {
    const { id } = raised;
    if (id <= state.since || (id > state.cursor && !done.has(id))) continue;
    const wasRouted = before.laneOf(raised, state.receiver) !== undefined;
    const wasTold = toldBefore.has(id) || (wasRouted && !sets.some((set) => set.has(id)));
    const isRouted = next.laneOf(raised, state.receiver) !== undefined;
    if (wasTold && !isRouted) told.add(id);
    if (!wasTold && isRouted && !wasRouted) never.add(id);
  }
  return { toldBefore: told.toString(), neverTold: never.toString() };
}
