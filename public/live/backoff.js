const FIRST_DELAY = 1_000;
const LONGEST_DELAY = 30_000;

/**
 * How long to wait before reconnecting for the `attempt`th time (from 0): doubling from 1 s to 30 s, of which a random
 * half or more, so that the clients of a server that restarts do not come back all at once.
 */
export function backoffDelay(attempt, random = Math.random) {
  const ceiling = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** attempt);
  return ceiling * (0.5 + random() / 2);
}
