const FIRST_MS = 1_000;

/**
 * The pause in milliseconds after the `failures`-th failure in a row (1 or more): about 1 s, doubled each time, up to
 * `maxMs`. Its upper half is jitter by `random` (0 to 1), so that clients that failed together do not return together.
 * Never less than `retryAfterMs`, the pause that the peer requested.
 */
export function backoffMs(failures: number, maxMs: number, random: number, retryAfterMs = 0): number {
  const full = Math.min(maxMs, FIRST_MS * 2 ** Math.min(failures - 1, 30));
  return Math.max(retryAfterMs, full / 2 + (full / 2) * random);
}
