/** The three rates, by the names that tables, REST and alerts share; percentages from 0 to 100. */
export const RATE_NAMES = ['stress_rate', 'engagement_rate', 'attrition_rate'] as const;
export type RateName = (typeof RATE_NAMES)[number];

/** A rate that lacks one of its terms is absent, never 0. */
export type Rates = Readonly<Partial<Record<RateName, number>>>;

/** What a response, an employee or a department scores. Dimension scores are keyed by their name without `Dim_`. */
export interface Metrics {
  readonly dimensions: Readonly<Record<string, number>>;
  readonly rates: Rates;
}

export const NO_METRICS: Metrics = { dimensions: {}, rates: {} };

/** True when there is at least one score. */
export function hasMetrics({ dimensions, rates }: Metrics): boolean {
  for (const _ in dimensions) return true;
  for (const _ in rates) return true;
  return false;
}
