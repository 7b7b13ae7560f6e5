import { setImmediate as nextTurn } from 'node:timers/promises';

/** It gives up after so many looks, and not before this time has passed: on a busy machine others are slower than a look. */
const LOOKS = 20_000;
const PATIENCE_MS = 30_000;

/**
 * What `look` answers once it satisfies, or at the end of patience whatever it answers then: an assertion on the result
 * fails instead of hanging.
 */
export async function eventually<T>(look: () => Promise<T>, satisfies: (seen: T) => boolean): Promise<T> {
  const began = performance.now();
  const isPatient = (looks: number): boolean => looks < LOOKS || performance.now() - began < PATIENCE_MS;
  let seen = await look();
  for (let looks = 1; isPatient(looks) && !satisfies(seen); looks += 1) {
    await nextTurn();
    seen = await look();
  }
  return seen;
}
