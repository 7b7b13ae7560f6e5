/** Counts the connections of a caller over all instances. */
export abstract class ConnectionCounter {
  /**
   * Counts one more connection to this instance, where `who` has `here` already. Resolves to false, and counts nothing,
   * when `who` has `limit` connections over all instances. Never rejects, and resolves within a fraction of a second.
   */
  abstract acquire(who: string, here: number, limit: number): Promise<boolean>;

  /** Reports how many connections `who` has to this instance after one has ended. */
  abstract report(who: string, here: number): void;
}

/** The counter of a single instance: the local limit is the only one. */
export class NoConnectionCounter extends ConnectionCounter {
  acquire(): Promise<boolean> {
    return Promise.resolve(true);
  }

  report(): void {
    // No other instance counts.
  }
}
