/** What an attempt returns when another writer came first: everything it read is outdated. */
export const CONFLICT = Symbol('conflict');

/**
 * Other writers came first at every attempt. With a limit far above the number of writers that is a fault, not a race.
 */
export class TooManyConflictsError extends Error {
  override readonly name = 'TooManyConflictsError';
  readonly code = 'too_many_conflicts';

  constructor(
    /** Names the data, such as "the totals of a department". */
    readonly what: string,
    readonly attempts: number,
  ) {
    super(
      `Other writers changed ${what} at each of ${attempts} attempts to write. Repeat the request later.`,
    );
  }
}

export interface ConflictLimit {
  /** Names the data for the error, such as "the totals of a department". */
  readonly what: string;
  /** How many attempts are made at most; at least 1. */
  readonly maxAttempts: number;
}

/**
 * Updates data under optimistic locking. `attempt` reads the data, decides, and writes on top of what it has read; it
 * returns {@link CONFLICT} when another writer came first, and is then called again at once. Attempts never overlap.
 * Resolves to the first other result. Rejects with the error of an attempt at once, and with {@link
 * TooManyConflictsError} when every attempt ended in a conflict.
 */
export async function retryOnConflict<Result>(
  { what, maxAttempts }: ConflictLimit,
  attempt: () => Promise<Result | typeof CONFLICT>,
): Promise<Result> {
  for (let attempts = 0; attempts < maxAttempts; attempts += 1) {
    const result = await attempt();
    if (result !== CONFLICT) return result;
  }
  throw new TooManyConflictsError(what, maxAttempts);
}
