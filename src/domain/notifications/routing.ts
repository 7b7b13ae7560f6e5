import { type AlertType, severityOf, type Severity, type RaisedEvent } from '../alerts/alert.js';
import { foldDepartmentName } from '../people/department.js';
import type { QuietHours } from './quiet-hours.js';
import type { ChannelState } from './channel-state.js';
import type { ChannelProgress } from './channel-progress.js';
import { IdRanges } from './id-ranges.js';

/** What a route accepts; an absent part accepts everything. Departments are names, letter case ignored. */
export interface RouteMatch {
  readonly types?: readonly AlertType[];
  readonly departments?: readonly string[];
  readonly severities?: readonly Severity[];
}

/** Which alerts go to which receivers, and how they are gathered. Times are milliseconds. */
export interface Route {
  readonly match: RouteMatch;
  /** Names of receivers. */
  readonly to: readonly string[];
  /** How long the first alert waits for others; absent: what suits the receiver. */
  readonly groupWindowMs?: number;
  /** How often receivers are reminded of what still fires; 0: never. */
  readonly repeatMs: number;
  readonly quiet?: QuietHours;
  /** Whether the routes behind this one are looked at as well. */
  readonly continue: boolean;
}

/** What of an event a route looks at. A clear has the same as its raise, and so takes the same way. */
export interface Routable {
  readonly alert: AlertType;
  readonly department: string;
}

/** The way by which one receiver gets what one route accepts: gathered, delayed and retried apart from its other lanes. */
export interface Lane {
  /** The same for routes that say the same, in whatever file. */
  readonly key: string;
  readonly groupWindowMs: number | undefined;
  readonly repeatMs: number;
  readonly quiet: QuietHours | undefined;
}

interface CompiledRoute {
  readonly route: Route;
  readonly lane: Lane;
  readonly accepts: (event: Routable) => boolean;
}

/** Decides which lane of a receiver an event takes: the first match wins, unless it says `continue`. */
export class Routing {
  private readonly routes: readonly CompiledRoute[];

  constructor(routes: readonly Route[]) {
    this.routes = routes.map((route) => ({ route, lane: laneOf(route), accepts: accepting(route.match) }));
  }

  /** The lane; undefined when no route sends the event to the receiver. */
  laneOf(event: Routable, receiver: string): Lane | undefined {
    for (const { route, lane, accepts } of this.routes) {
      if (!accepts(event)) continue;
      if (route.to.includes(receiver)) return lane;
      if (!route.continue) return undefined;
    }
    return undefined;
  }

  /** Every lane that a receiver can have, in the order of the routes. */
  lanesOf(receiver: string): Lane[] {
    const lanes = this.routes.filter(({ route }) => route.to.includes(receiver)).map(({ lane }) => lane);
    return [...new Map(lanes.map((lane) => [lane.key, lane])).values()];
  }
}

function laneOf({ match, groupWindowMs, repeatMs, quiet }: Route): Lane {
  const { types, departments, severities } = match;
  const key = JSON.stringify([
    sorted(types),
    sorted(departments?.map(foldDepartmentName)),
    sorted(severities),
    groupWindowMs ?? null,
    repeatMs,
    quiet ? [quiet.from, quiet.to] : null,
  ]);
  return { key, groupWindowMs, repeatMs, quiet };
}

function sorted(names: readonly string[] | undefined): readonly string[] | null {
  return names === undefined ? null : [...names].sort();
}

function accepting({ types, departments, severities }: RouteMatch): (event: Routable) => boolean {
  const names = departments && new Set(departments.map(foldDepartmentName));
  return (event) =>
    (types === undefined || types.includes(event.alert)) &&
    (severities === undefined || severities.includes(severityOf(event))) &&
    (names === undefined || names.has(foldDepartmentName(event.department)));
}

/**
 * What a destination must remember when its routes change, of the alerts that fire and are settled: those that it was
 * notified of although no route accepts them any more, and those that it was not notified of although one does now. So a
 * clear follows its raise, and is sent only to destinations that were notified of the raise.
 */
export function reroute(
  state: Pick<ChannelState, 'receiver' | 'routes' | 'since'>,
  progress: Omit<ChannelProgress, 'prepared'>,
  next: Routing,
  active: Iterable<RaisedEvent>,
): Pick<ChannelProgress, 'notifiedByOldRoutes' | 'neverNotified'> {
  const before = new Routing(JSON.parse(state.routes) as Route[]);
  const { cursor, done, suppressed, deadLettered, neverNotified } = progress;
  const notifiedByOldRoutes = new IdRanges();
  const never = IdRanges.union([neverNotified]);
  for (const raised of active) {
    const { id } = raised;
    if (id <= state.since || (id > cursor && !done.has(id))) continue;
    const wasRouted = before.laneOf(raised, state.receiver) !== undefined;
    const wasNotified =
      progress.notifiedByOldRoutes.has(id) ||
      (wasRouted && ![suppressed, deadLettered, neverNotified].some((set) => set.has(id)));
    const isRouted = next.laneOf(raised, state.receiver) !== undefined;
    if (wasNotified && !isRouted) notifiedByOldRoutes.add(id);
    if (!wasNotified && isRouted && !wasRouted) never.add(id);
  }
  return { notifiedByOldRoutes, neverNotified: never };
}
