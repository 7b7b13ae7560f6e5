import { hasMetrics, RATE_NAMES, type Metrics, type RateName } from './metrics.js';
import { meanOfUnits, toUnits } from './rounding.js';

const DIMENSION = 'Dim_';

/** An exact running mean, in fixed-point units. */
class Mean {
  private sumUnits = 0;
  count = 0;

  add(value: number): void {
    this.sumUnits += toUnits(value);
    this.count += 1;
  }

  get value(): number {
    return meanOfUnits(this.sumUnits, this.count, 2);
  }
}

/** The means of a department's employees; exact, so the order of adding does not matter. */
export class RollUp {
  private readonly dimensions = new Map<string, Mean>();
  private readonly rates = new Map<RateName, Mean>();
  private counted = 0;

  /** Adds one employee. One without any metric adds nothing. */
  add(metrics: Metrics): void {
    if (!hasMetrics(metrics)) return;
    this.counted += 1;
    for (const name in metrics.dimensions) addTo(this.dimensions, name, metrics.dimensions[name]);
    for (const name of RATE_NAMES) addTo(this.rates, name, metrics.rates[name]);
  }

  /** How many added employees had a metric. */
  get respondents(): number {
    return this.counted;
  }

  /** How many of them had each score, by the names that the scores have in the tables. */
  get answered(): Map<string, number> {
    const counts = (means: ReadonlyMap<string, Mean>, prefix: string) =>
      [...means].map(([name, { count }]): [string, number] => [prefix + name, count]);
    return new Map([...counts(this.dimensions, DIMENSION), ...counts(this.rates, '')]);
  }

  /** Means over those who have the metric, 2 decimals, half to even; without those named as in {@link answered}. */
  means(without: ReadonlySet<string> = new Set()): Metrics {
    return {
      dimensions: values(this.dimensions, DIMENSION, without),
      rates: values(this.rates, '', without),
    };
  }
}

function addTo<Name>(means: Map<Name, Mean>, name: Name, value: number | undefined): void {
  if (value === undefined) return;
  let mean = means.get(name);
  if (!mean) means.set(name, (mean = new Mean()));
  mean.add(value);
}

function values<Name extends string>(
  means: ReadonlyMap<Name, Mean>,
  prefix: string,
  without: ReadonlySet<string>,
): Partial<Record<Name, number>> & Record<string, number> {
  const told = [...means].filter(([name]) => !without.has(prefix + name));
  return Object.fromEntries(told.map(([name, mean]) => [name, mean.value])) as Record<Name, number>;
}
