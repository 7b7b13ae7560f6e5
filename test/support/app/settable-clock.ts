import { Clock } from '../../../src/lib/clock.js';

/** A clock that stands still until it is set. */
export class SettableClock extends Clock {
  constructor(private time: number) {
    super();
  }

  override now(): number {
    return this.time;
  }

  override monotonic(): number {
    return this.time;
  }

  /** Lets time pass. */
  advance(ms: number): void {
    this.time += ms;
  }
}
