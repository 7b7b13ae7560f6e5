import type { Instrument } from './questionnaire.js';
import { RATE_NAMES, type Metrics, type RateName } from './scores.js';

/**
 * Rounds the exact quotient `numerator / denominator` to a whole number, ties to even (IEEE 754 roundTiesToEven).
 * Both must be safe integers and the denominator positive; no floating-point error enters.
 */
export function divideHalfEven(numerator: number, denominator: number): number {
  const floor = Math.floor(numerator / denominator);
  const twiceRemainder = 2 * (numerator - floor * denominator);
  if (twiceRemainder < denominator) return floor;
  if (twiceRemainder > denominator) return floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Fixed-point units per 1.0 in which metrics are summed: exact for every value of up to four decimals. */
const UNITS = 10_000;

/** The nearest fixed-point unit (1/10,000) of a score. */
export function toUnits(value: number): number {
  return Math.round(value * UNITS);
}

/** The mean of a fixed-point sum over `count` values, rounded half to even to `decimals` (0–4) decimals. */
export function meanOfUnits(sumUnits: number, count: number, decimals: number): number {
  const scale = 10 ** decimals;
  return divideHalfEven(sumUnits * scale, count * UNITS) / scale;
}

/** Answers by question number. A missing answer is undefined, never 0. */
export type Answers = readonly (number | undefined)[];

/**
 * Scores one response (contract section 4). Dimensions are means of the given answers with 2 decimals; rates are 0–100 with 1
 * decimal; both are exact and rounded half to even. A dimension without answers and a rate without one of its terms are
 * absent. Rates use the rounded dimensions, so that a rate can be checked against its row.
 */
export function score(answers: Answers, instrument: Instrument): Metrics {
  const dimensions: Record<string, number> = {};
  for (const { name, questions } of instrument.dimensions) {
    const mean = meanAnswer(answers, questions);
    if (mean !== undefined) dimensions[name] = mean;
  }
  const rates: Partial<Record<RateName, number>> = {};
  for (const name of RATE_NAMES) {
    const rate = scoreRate(name, answers, dimensions, instrument);
    if (rate !== undefined) rates[name] = rate;
  }
  return { dimensions, rates };
}

function meanAnswer(answers: Answers, questions: readonly number[]): number | undefined {
  let sum = 0;
  let given = 0;
  for (const question of questions) {
    const answer = answers[question];
    if (answer === undefined) continue;
    sum += answer;
    given += 1;
  }
  return given === 0 ? undefined : divideHalfEven(sum * 100, given) / 100;
}

function scoreRate(
  name: RateName,
  answers: Answers,
  dimensions: Readonly<Record<string, number>>,
  { rates, scale }: Instrument,
): number | undefined {
  const { terms, direction } = rates[name];
  let sumUnits = 0;
  for (const term of terms) {
    const value = typeof term === 'number' ? answers[term] : dimensions[term];
    if (value === undefined) return undefined;
    sumUnits += toUnits(value);
  }
  const span = scale.max - scale.min;
  const aboveMin = sumUnits - scale.min * UNITS * terms.length;
  const distance = direction === 'direct' ? aboveMin : span * UNITS * terms.length - aboveMin;
  const tenths = divideHalfEven(distance * 1000, span * UNITS * terms.length);
  return Math.min(1000, Math.max(0, tenths)) / 10;
}
