/** The time, so that tests can set it. */
export class Clock {
  /** Milliseconds since 1970. */
  now(): number {
    return Date.now();
  }

  /** Milliseconds since some moment of this process. Never goes back, whatever happens to the time of day. */
  monotonic(): number {
    return performance.now();
  }

  /** ISO-8601, UTC. */
  iso(): string {
    return new Date(this.now()).toISOString();
  }
}
