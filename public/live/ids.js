/** Compares two event ids, which are decimal strings without leading zeros and may pass 2^53. */
export function compareIds(a, b) {
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : Number(a > b);
}
