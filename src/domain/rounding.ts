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
export const UNITS = 10_000;

/** The nearest fixed-point unit of a metric value. */
export function toUnits(value: number): number {
  return Math.round(value * UNITS);
}

/** The mean of a fixed-point sum over `count` values, rounded half to even to `decimals` (0–4) decimals. */
export function meanOfUnits(sumUnits: number, count: number, decimals: number): number {
  const scale = 10 ** decimals;
  return divideHalfEven(sumUnits * scale, count * UNITS) / scale;
}
