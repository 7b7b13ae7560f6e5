import { RATE_NAMES, type Metrics, type RateName } from '../../domain/surveys/scores.js';

/** The changes of a PATCH: a value replaces, null removes, undefined keeps. */
export type Changes<Name extends string, Value> = Readonly<Partial<Record<Name, Value | null | undefined>>>;

/** `known` after the changes. */
export function withChanges<Name extends string, Value>(
  names: readonly Name[],
  known: Readonly<Partial<Record<Name, Value>>>,
  changes: Changes<Name, NoInfer<Value>>,
): Partial<Record<Name, Value>> {
  const next: Partial<Record<Name, Value>> = {};
  for (const name of names) {
    const change = changes[name];
    const value = change === undefined ? known[name] : change;
    if (value !== undefined && value !== null) next[name] = value;
  }
  return next;
}

/** Whether one of the names is among the changes. */
export function touches<Name extends string>(
  names: readonly Name[],
  changes: Changes<Name, unknown>,
): boolean {
  return names.some((name) => changes[name] !== undefined);
}

/** `metrics` with changed rates. */
export function withRates(metrics: Metrics, changes: Changes<RateName, number>): Metrics {
  return { dimensions: metrics.dimensions, rates: withChanges(RATE_NAMES, metrics.rates, changes) };
}

/** Dimension scores by their names in snake_case. */
export function dimensionsOf({ dimensions }: Metrics): Record<string, number> {
  return Object.fromEntries(Object.entries(dimensions).map(([name, value]) => [name.toLowerCase(), value]));
}
