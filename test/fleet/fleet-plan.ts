import { Random } from '../support/generators/random.js';

/** How large a run is. */
export interface FleetSize {
  readonly instances: number;
  /** Clients that come through nginx. */
  readonly clients: number;
  /** Clients of each instance that come to it directly: what is measured is known to come from another one. */
  readonly probes: number;
  /** Who upload, each one file after the other. */
  readonly lanes: number;
  readonly employees: number;
  /** Uploads while nothing is done to anybody: before, between and after what is. */
  readonly calm: number;
  /** Instances killed while there is a Redis, and again while there is none. */
  readonly kills: number;
  readonly redisAwayMs: number;
}

/** In CI. */
export const SHORT: FleetSize = {
  instances: 3,
  clients: 60,
  probes: 2,
  lanes: 3,
  employees: 12,
  calm: 4,
  kills: 1,
  redisAwayMs: 4_000,
};

/** What `npm run test:fleet` runs. */
export const LONG: FleetSize = {
  ...SHORT,
  clients: 300,
  lanes: 5,
  employees: 30,
  calm: 40,
  kills: 3,
  redisAwayMs: 30_000,
};

/** How an instance is killed. */
export interface Kill {
  readonly instance: number;
  /** So long after an upload has ended. */
  readonly afterMs: number;
  /** How long it is away. */
  readonly downMs: number;
}

/** What a seed decides beforehand, beside the files. */
export interface FleetPlan {
  readonly kills: readonly Kill[];
  readonly killsWithoutRedis: readonly Kill[];
  /** The order in which all are restarted. */
  readonly rolling: readonly number[];
}

const AFTER_MS = 300;
const DOWN_MS = 2_000;

/** The plan of a seed: the same each time. */
export function planFleet(seed: number, { instances, kills }: FleetSize): FleetPlan {
  const random = new Random(seed);
  const kill = (): Kill => ({
    instance: random.whole(0, instances - 1),
    afterMs: random.whole(0, AFTER_MS),
    downMs: random.whole(0, DOWN_MS),
  });
  const several = (): Kill[] => Array.from({ length: kills }, kill);
  const numbers = Array.from({ length: instances }, (_, n) => n);
  const rolling = numbers
    .map((n) => [random.next(), n] as const)
    .sort(([a], [b]) => a - b)
    .map(([, n]) => n);
  return { kills: several(), killsWithoutRedis: several(), rolling };
}

/** A plan in words, for the report of a failure. */
export function describePlan({ kills, killsWithoutRedis, rolling }: FleetPlan): string[] {
  const words = ({ instance, afterMs, downMs }: Kill): string =>
    `kill instance ${instance + 1} ${afterMs} ms after an upload, for ${downMs} ms`;
  return [
    ...kills.map(words),
    'stop Redis',
    ...killsWithoutRedis.map(words),
    'start Redis',
    `restart instances ${rolling.map((n) => n + 1).join(', ')} in turn`,
  ];
}
