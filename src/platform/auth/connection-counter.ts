/** Counts the connections that callers have to all instances together. */
export abstract class ConnectionCounter {
  /**
   * Takes a place for a connection to this instance, where `who` has `here` already. Answers false, with nothing taken,
   * when `who` has `limit` at all instances. Always answers, and soon.
   */
  abstract take(who: string, here: number, limit: number): Promise<boolean>;

  /** Says how many connections `who` has to this instance, now that one has ended. */
  abstract tell(who: string, here: number): void;
}

/** For an instance that knows of no other one. */
export class NoConnectionCounter extends ConnectionCounter {
  take(): Promise<boolean> {
    return Promise.resolve(true);
  }

  tell(): void {
    // Nobody wants to know.
  }
}
