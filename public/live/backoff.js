const FIRST_DELAY = 1_000;
const LONGEST_DELAY = 30_000;

/**
 * The delay in milliseconds before reconnection number `attempt` (from 0). It doubles from 1 s to 30 s; a random factor of
 * 0.5 to 1 keeps the clients of a restarted server from reconnecting all at once.
 */
export function backoffDelay(attempt, random = Math.random) {
  const ceiling = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** attempt);
  return ceiling * (0.5 + random() / 2);
}
