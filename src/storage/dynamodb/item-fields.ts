import { NumberValue } from '@aws-sdk/lib-dynamodb';
import { type Metrics, type RateName, RATE_NAMES } from '../../domain/surveys/scores.js';

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** A number, also one that another tool wrote as text; undefined for anything else. */
export function numberField(item: Item, name: string): number | undefined {
  const value = plain(item[name]);
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || !NUMBER.test(value.trim())) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** A text that is not blank, also one that another tool wrote as a number; undefined for anything else. */
export function textField(item: Item, name: string): string | undefined {
  const value = plain(item[name]);
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** A number of many digits as its text. */
function plain(value: unknown): unknown {
  return value instanceof NumberValue ? value.toString() : value;
}

const DIMENSION = 'Dim_';

/** Reads `Dim_*` and the three rates. */
export function readMetrics(item: Item): Metrics {
  const dimensions: Record<string, number> = {};
  for (const name of Object.keys(item)) {
    const value = name.startsWith(DIMENSION) ? numberField(item, name) : undefined;
    if (value !== undefined) dimensions[name.slice(DIMENSION.length)] = value;
  }
  const rates: Partial<Record<RateName, number>> = {};
  for (const name of RATE_NAMES) {
    const value = numberField(item, name);
    if (value !== undefined) rates[name] = value;
  }
  return { dimensions, rates };
}

/** Writes `Dim_*` and the three rates. */
export function metricsFields({ dimensions, rates }: Metrics): Item {
  const item: Item = { ...rates };
  for (const [name, value] of Object.entries(dimensions)) item[DIMENSION + name] = value;
  return item;
}

/** One item of several parts; a later part overrides an earlier one. */
export function joined(...parts: readonly object[]): Item {
  const item: Item = {};
  // V8 spreads several objects into one five times as slowly, and an import makes items by the hundred thousand.
  for (const part of parts) Object.assign(item, part);
  return item;
}

/** The entries whose value is not undefined. */
export function present(fields: Item): Item {
  const item: Item = {};
  for (const name in fields) if (fields[name] !== undefined) item[name] = fields[name];
  return item;
}

/** An item as the document client returns it. */
export type Item = Record<string, unknown>;
