import { overallRisk, type Department } from './department.js';
import { hasMetrics, NO_METRICS, type Metrics } from '../surveys/scores.js';
import type { RollUp } from './roll-up.js';

/** The size of a department. */
export interface Group {
  readonly id: string;
  readonly respondents: number;
}

/**
 * The groups that are withheld at a minimum size of `min` respondents: the smaller groups, and as many of the next smallest
 * as are needed to withhold at least two groups with `min` respondents together. A total that is known from elsewhere, minus
 * all shown groups, then never gives the value of one group. The groups of `before` are withheld in any case. A group
 * without respondents is never withheld and hides no other group. Of groups of equal size the lower id comes first.
 */
export function withheldGroups(
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
 * The scores of each department that may be shown, by id; undefined for a withheld department. Single scores with too few
 * respondents are left out by the same rule, because a question can be answered by some respondents only.
 */
export function publishable(
  departments: readonly { readonly id: string; readonly rollUp: RollUp }[],
  min: number,
): Map<string, Metrics | undefined> {
  const groups = departments.map(({ id, rollUp }) => ({ id, respondents: rollUp.respondents }));
  const hidden = withheldGroups(groups, min);
  const scores = new Set(departments.flatMap(({ rollUp }) => [...rollUp.answered.keys()]));
  const left = new Map<string, Set<string>>();
  for (const score of scores) {
    const answered = departments.map(({ id, rollUp }) => ({
      id,
      respondents: rollUp.answered.get(score) ?? 0,
    }));
    for (const id of withheldGroups(answered, min, hidden))
      left.set(id, (left.get(id) ?? new Set()).add(score));
  }
  return new Map(
    departments.map(({ id, rollUp }) => [id, hidden.has(id) ? undefined : rollUp.means(left.get(id))]),
  );
}

/** The department after a roll-up. `metrics` holds the scores that may be shown; undefined withholds the respondents too. */
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

/** Whether two states of a department withhold and show the same scores, regardless of their values. */
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
 * Whether the scores of a row may be shown. `outdated`: unknown before its next roll-up, because the row was written for a
 * smaller minimum or by another tool. Its scores are hidden, but no alert is cleared for that.
 */
export type Visibility = 'shown' | 'withheld' | 'outdated';

/** The visibility of a stored row. An edit by another tool does not circumvent the minimum. */
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

/** Whether scores that a caller sets by hand could be shown. */
export function takesScores(department: Department, min: number): boolean {
  return visibilityOf({ ...department, overallRisk: 'critical' }, min) === 'shown';
}

/** The department with only what callers may see. */
export function asShown(department: Department, min: number): Department {
  if (visibilityOf(department, min) === 'shown') return department;
  const { departmentId, departmentName, metricsUpdatedAt } = department;
  const when = metricsUpdatedAt === undefined ? {} : { metricsUpdatedAt };
  return { departmentId, departmentName, metrics: NO_METRICS, withheld: true, ...when };
}
