import { hasMetrics, RATE_NAMES, type Metrics, type RateName } from '../surveys/scores.js';
import { meanOfUnits, toUnits } from '../surveys/scoring.js';

const DIMENSION = 'Dim_';

/** The exact sum of one score over `count` employees, in fixed-point units (1/10,000). */
export interface ScoreSum {
  readonly units: number;
  readonly count: number;
}

/** The sums over the employees of a department. A score without respondents is absent. */
export interface DepartmentSums {
  /** The number of employees, with or without scores. */
  readonly employees: number;
  /** The number of employees with at least one score. */
  readonly respondents: number;
  readonly dimensions: Readonly<Record<string, ScoreSum>>;
  readonly rates: Readonly<Partial<Record<RateName, ScoreSum>>>;
}

/** Computes the mean scores of a department. The sums are exact, so the order of adding does not matter. */
export class RollUp {
  private readonly dimensions = new Map<string, ScoreSum>();
  private readonly rates = new Map<RateName, ScoreSum>();
  private members = 0;
  private counted = 0;

  /** The roll-up that has these sums. */
  static of({ employees, respondents, dimensions, rates }: DepartmentSums): RollUp {
    const rollUp = new RollUp();
    rollUp.members = employees;
    rollUp.counted = respondents;
    for (const [name, sum] of Object.entries(dimensions)) rollUp.dimensions.set(name, sum);
    for (const name of RATE_NAMES) if (rates[name]) rollUp.rates.set(name, rates[name]);
    return rollUp;
  }

  /** Adds one employee, or takes one away that was added. Of one without any metric only the existence counts. */
  add(metrics: Metrics, sign: 1 | -1 = 1): void {
    this.members += sign;
    if (!hasMetrics(metrics)) return;
    this.counted += sign;
    for (const name in metrics.dimensions) addTo(this.dimensions, name, metrics.dimensions[name], sign);
    for (const name of RATE_NAMES) addTo(this.rates, name, metrics.rates[name], sign);
  }

  /** Adds all that another one has: which may be less than nothing. */
  merge(other: RollUp): void {
    this.members += other.members;
    this.counted += other.counted;
    for (const [name, sum] of other.dimensions) mergeInto(this.dimensions, name, sum);
    for (const [name, sum] of other.rates) mergeInto(this.rates, name, sum);
  }

  /** How many were added. */
  get employees(): number {
    return this.members;
  }

  /** How many added employees had a metric. */
  get respondents(): number {
    return this.counted;
  }

  /** How many of them had each score, by the names that the scores have in the tables. */
  get answered(): Map<string, number> {
    const counts = (sums: ReadonlyMap<string, ScoreSum>, prefix: string) =>
      [...sums].map(([name, { count }]): [string, number] => [prefix + name, count]);
    return new Map([...counts(this.dimensions, DIMENSION), ...counts(this.rates, '')]);
  }

  /** What it adds up to. */
  get sums(): DepartmentSums {
    return {
      employees: this.members,
      respondents: this.counted,
      dimensions: Object.fromEntries([...this.dimensions].sort(([a], [b]) => (a < b ? -1 : 1))),
      rates: Object.fromEntries(this.rates),
    };
  }

  /** Means over those who have the metric, 2 decimals, half to even; without those named as in {@link answered}. */
  means(without: ReadonlySet<string> = new Set()): Metrics {
    return {
      dimensions: values(this.dimensions, DIMENSION, without),
      rates: values(this.rates, '', without),
    };
  }
}

function addTo<Name>(sums: Map<Name, ScoreSum>, name: Name, value: number | undefined, sign: 1 | -1): void {
  if (value !== undefined) mergeInto(sums, name, { units: sign * toUnits(value), count: sign });
}

function mergeInto<Name>(sums: Map<Name, ScoreSum>, name: Name, { units, count }: ScoreSum): void {
  const before = sums.get(name) ?? { units: 0, count: 0 };
  const after = { units: before.units + units, count: before.count + count };
  if (after.units === 0 && after.count === 0) sums.delete(name);
  else sums.set(name, after);
}

function values<Name extends string>(
  sums: ReadonlyMap<Name, ScoreSum>,
  prefix: string,
  without: ReadonlySet<string>,
): Partial<Record<Name, number>> & Record<string, number> {
  // While other deltas are open, more can be subtracted from a score than was added.
  const present = [...sums].filter(([name, { count }]) => count > 0 && !without.has(prefix + name));
  return Object.fromEntries(
    present.map(([name, { units, count }]) => [name, meanOfUnits(units, count, 2)]),
  ) as Record<Name, number>;
}
