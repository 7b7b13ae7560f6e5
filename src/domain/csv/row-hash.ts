/**
 * A 53-bit digest of a record's cells (two rounds of a multiplicative hash, after "cyrb53"). For telling whether two
 * rows with the same id are the same; not for security.
 */
export function digestOf(cells: readonly string[]): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  const mix = (code: number): void => {
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  };
  for (const cell of cells) {
    for (let index = 0; index < cell.length; index += 1) mix(cell.charCodeAt(index));
    mix(0x1_0000); // no character has this code, so cells cannot run into each other
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0);
}
