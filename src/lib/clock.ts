/** The clock of the process; tests replace it by one that they set. */
export class Clock {
  /** Milliseconds since 1970. */
  now(): number {
    return Date.now();
  }

  /** Milliseconds since an arbitrary moment of this process. Never decreases, also when the system time is set back. */
  monotonic(): number {
    return performance.now();
  }

  /** The time as ISO-8601 in UTC. */
  iso(): string {
    return new Date(this.now()).toISOString();
  }
}
