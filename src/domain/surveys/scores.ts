/** The names of the three rates in tables, REST and alerts. Rates are percentages, 0–100. */
export const RATE_NAMES = ['stress_rate', 'engagement_rate', 'attrition_rate'] as const;
export type RateName = (typeof RATE_NAMES)[number];

/** The rates by name. A rate without one of its terms is absent, never 0. */
export type Rates = Readonly<Partial<Record<RateName, number>>>;

/** The scores of a response, an employee or a department. Dimensions are keyed by their name without `Dim_`. */
export interface Metrics {
  readonly dimensions: Readonly<Record<string, number>>;
  readonly rates: Rates;
}

export const NO_METRICS: Metrics = { dimensions: {}, rates: {} };

/** Whether there is at least one score. */
export function hasMetrics({ dimensions, rates }: Metrics): boolean {
  for (const _ in dimensions) return true;
  for (const _ in rates) return true;
  return false;
}
