import { FAILPOINTS, type Failpoint } from '../../src/lib/failpoints.js';
import type { Random } from '../support/generators/random.js';

/** One run of the server process, and how it is to end. */
export interface Life {
  /** `name:n`: the failpoint that ends it, if it is reached so often. */
  readonly crashAt?: string;
  /** How it ends otherwise; absent: the last life, which nobody ends before everything is compared. */
  readonly end?: LifeEnd;
}

/** Killed this long after it was started, or after `steps` whole steps and so long into the next. */
export type LifeEnd =
  | { readonly during: 'start'; readonly afterMs: number }
  | {
      readonly during: 'step';
      readonly steps: number;
      readonly afterMs: number;
      readonly signal: 'SIGKILL' | 'SIGTERM';
    };

/** Between the tables most can go wrong, so these points are taken twice as often as the others. */
const POINTS = [...FAILPOINTS, ...FAILPOINTS.filter((point) => /^(sync|edit)\./.test(point))];
const START_MS = 1_500;
/** How often these points are passed in a short run; all others once or a few times. */
const OFTEN: Partial<Record<Failpoint, number>> = { 'feed.partly_sent': 20, 'channel.sent': 40 };

/** What lives are to be planned for. */
export interface LifePlan {
  readonly steps: number;
  readonly killWithinMs: number;
  /** Crash points that only such a scenario passes: the first lives are likely to end there. */
  readonly rare: readonly Failpoint[];
}

/** Four to six lives, the last one without a plan for its end. */
export function planLives(random: Random, { steps, killWithinMs, rare }: LifePlan): Life[] {
  const lives: Life[] = [];
  const count = random.whole(3, 5);
  for (let left = steps; lives.length < count;) {
    const whole = Math.min(random.whole(0, 3), Math.max(0, left - 1));
    left -= whole;
    lives.push(planLife(random, whole, killWithinMs, lives.length < 2 ? rare : []));
  }
  return [...lives, {}];
}

/** A life in a few words. */
export function describeLife({ crashAt, end }: Life): string {
  const crash = crashAt === undefined ? '' : `crash at ${crashAt}, or `;
  if (end === undefined) return `${crash}lives on`;
  return end.during === 'start'
    ? `SIGKILL ${end.afterMs} ms after its start`
    : `${crash}${end.signal} ${end.afterMs} ms into the step after ${end.steps} more`;
}

function planLife(random: Random, steps: number, killWithinMs: number, rare: readonly Failpoint[]): Life {
  if (random.next() < 0.12) return { end: { during: 'start', afterMs: random.whole(1, START_MS) } };
  const signal = random.next() < 0.25 ? 'SIGTERM' : 'SIGKILL';
  // Early moments are likelier: most of what can go wrong happens then.
  const afterMs = Math.floor(random.next() ** 2 * killWithinMs);
  const end: LifeEnd = { during: 'step', steps, afterMs, signal };
  if (rare.length > 0 && random.next() < 0.6)
    return { crashAt: `${random.pick(rare)}:${random.whole(1, 2)}`, end };
  if (random.next() < 0.4) return { end };
  const point = random.pick(POINTS);
  return { crashAt: `${point}:${random.whole(1, OFTEN[point] ?? 3)}`, end };
}
