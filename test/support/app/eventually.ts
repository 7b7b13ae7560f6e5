import { setImmediate as nextTurn } from 'node:timers/promises';

/** How often it looks before it gives up: some seconds' worth of file system calls. */
const LOOKS = 20_000;

/**
 * What `look` answers once it satisfies, or at the end of patience whatever it answers then: an assertion on the result
 * fails instead of hanging.
 */
export async function eventually<T>(look: () => Promise<T>, satisfies: (seen: T) => boolean): Promise<T> {
  let seen = await look();
  for (let looks = 1; looks < LOOKS && !satisfies(seen); looks += 1) {
    await nextTurn();
    seen = await look();
  }
  return seen;
}
