import { overallRisk, type Department } from './department.js';
import { hasMetrics, NO_METRICS, type Metrics } from '../surveys/scores.js';
import type { RollUp } from './roll-up.js';

/** A department as far as hiding it is concerned. */
export interface Group {
  readonly id: string;
  readonly respondents: number;
}

/**
 * Which groups must not be shown where `min` respondents are the fewest: the smaller ones, and with them as many of the
 * next smallest as it takes that the hidden ones are two or more and have `min` respondents together. So a total that is
 * known from elsewhere, less all that is shown, never gives one of them. Those of `before` are hidden in any case. A group
 * without respondents has nothing to hide, and hides nobody. Of groups of one size the lower id goes first.
 */
export function suppressed(
  groups: readonly Group[],
  min: number,
  before: ReadonlySet<string> = new Set(),
): Set<string> {
  const hidden = new Set<string>();
  if (min <= 1) return hidden;
  const smallestFirst = groups
    .filter(({ respondents }) => respondents > 0)
    .sort((a, b) => a.respondents - b.respondents || (a.id < b.id ? -1 : 1));
  let together = 0;
  const hide = ({ id, respondents }: Group): void => {
    hidden.add(id);
    together += respondents;
  };
  for (const group of smallestFirst) if (group.respondents < min || before.has(group.id)) hide(group);
  if (hidden.size === 0) return hidden;
  for (const group of smallestFirst) {
    if (hidden.size >= 2 && together >= min) break;
    if (!hidden.has(group.id)) hide(group);
  }
  return hidden;
}

/**
 * What may be shown of each department, by id: undefined where nothing may. Of the others the scores that were computed
 * of too few are left out, by the same rule as whole departments are: a question may be answered by some only.
 */
export function publishable(
  departments: readonly { readonly id: string; readonly rollUp: RollUp }[],
  min: number,
): Map<string, Metrics | undefined> {
  const groups = departments.map(({ id, rollUp }) => ({ id, respondents: rollUp.respondents }));
  const hidden = suppressed(groups, min);
  const scores = new Set(departments.flatMap(({ rollUp }) => [...rollUp.answered.keys()]));
  const left = new Map<string, Set<string>>();
  for (const score of scores) {
    const answered = departments.map(({ id, rollUp }) => ({
      id,
      respondents: rollUp.answered.get(score) ?? 0,
    }));
    for (const id of suppressed(answered, min, hidden)) left.set(id, (left.get(id) ?? new Set()).add(score));
  }
  return new Map(
    departments.map(({ id, rollUp }) => [id, hidden.has(id) ? undefined : rollUp.means(left.get(id))]),
  );
}

/** The department after a roll-up; `metrics` is what may be shown of it. How many have answered tells too much as well. */
export function rolledUp(
  { departmentId, departmentName }: Department,
  respondents: number,
  metrics: Metrics | undefined,
  min: number,
): Department {
  const made = { departmentId, departmentName, ...(min > 1 ? { minGroupSize: min } : {}) };
  if (metrics === undefined) return { ...made, metrics: NO_METRICS, withheld: true };
  const risk = overallRisk(metrics.rates);
  const engagement = metrics.rates.engagement_rate;
  return {
    ...made,
    metrics,
    respondents,
    ...(engagement === undefined ? {} : { engagementScore: engagement }),
    ...(risk === undefined ? {} : { overallRisk: risk }),
  };
}

/** Whether two states of a department hide and show the same scores, whatever these are. */
export function isHiddenAlike(a: Department, b: Department): boolean {
  return (
    a.withheld === b.withheld &&
    a.minGroupSize === b.minGroupSize &&
    haveSameNames(a.metrics.dimensions, b.metrics.dimensions) &&
    haveSameNames(a.metrics.rates, b.metrics.rates)
  );
}

function haveSameNames(a: object, b: object): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name));
}

/**
 * Whether the scores of a row may be shown. `outdated`: nobody knows before its next roll-up, since it was made for
 * smaller groups or by another tool; so they may not, but that is not to clear an alert.
 */
export type Visibility = 'shown' | 'withheld' | 'outdated';

/** Judges a row as it is stored: also one that another tool has edited, which gets around nothing. */
export function visibilityOf(department: Department, min: number): Visibility {
  if (min <= 1) return 'shown';
  const { withheld, minGroupSize = 1, respondents = 0 } = department;
  if (withheld) return 'withheld';
  if (!hasScores(department)) return 'shown';
  if (minGroupSize < min) return 'outdated';
  return respondents < min ? 'withheld' : 'shown';
}

function hasScores({ metrics, overallRisk: risk, engagementScore }: Department): boolean {
  return risk !== undefined || engagementScore !== undefined || hasMetrics(metrics);
}

/** Whether scores that somebody gives the department by hand could be shown. */
export function takesScores(department: Department, min: number): boolean {
  return visibilityOf({ ...department, overallRisk: 'critical' }, min) === 'shown';
}

/** The department as callers may see it. */
export function asShown(department: Department, min: number): Department {
  if (visibilityOf(department, min) === 'shown') return department;
  const { departmentId, departmentName, metricsUpdatedAt } = department;
  const when = metricsUpdatedAt === undefined ? {} : { metricsUpdatedAt };
  return { departmentId, departmentName, metrics: NO_METRICS, withheld: true, ...when };
}
