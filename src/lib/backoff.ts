const FIRST_MS = 1_000;

/**
 * How long to wait after the `failures`-th failure in a row (1 or more): about 1 s, then twice as long each time, up to
 * `maxMs`; of that the upper half is left to `random` (0 to 1), so that those who failed together do not come back
 * together. Never less than what the peer asked for.
 */
export function backoffMs(failures: number, maxMs: number, random: number, retryAfterMs = 0): number {
  const full = Math.min(maxMs, FIRST_MS * 2 ** Math.min(failures - 1, 30));
  return Math.max(retryAfterMs, full / 2 + (full / 2) * random);
}
