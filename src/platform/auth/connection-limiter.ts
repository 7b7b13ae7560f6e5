import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { Problem } from '../http/problem.js';
import { ConnectionCounter } from './connection-counter.js';

/** Bounds the connections of each network and of each subject. The limit 0 is no limit. */
@Injectable()
export class ConnectionLimiter {
  private readonly held = new Map<string, number>();
  private readonly limit: number;

  constructor(
    { security }: Config,
    @Inject(ConnectionCounter) private readonly shared: ConnectionCounter,
  ) {
    this.limit = security.limits.connectionsPerAddress;
  }

  /** Acquires a connection slot. Returns an idempotent release function. Throws `too_many_requests` at the limit. */
  async acquire(who: string): Promise<() => void> {
    if (this.limit === 0) return () => undefined;
    const here = this.held.get(who) ?? 0;
    if (here >= this.limit) throw this.full();
    // Before the first await, so that simultaneous connections do not all find the same free slot.
    this.held.set(who, here + 1);
    if (!(await this.shared.acquire(who, here, this.limit))) {
      this.release(who);
      throw this.full();
    }
    let isHeld = true;
    return () => {
      if (isHeld) this.shared.report(who, this.release(who));
      isHeld = false;
    };
  }

  private release(who: string): number {
    const left = (this.held.get(who) ?? 1) - 1;
    if (left > 0) this.held.set(who, left);
    else this.held.delete(who);
    return left;
  }

  private full(): Problem {
    return new Problem(
      'too_many_requests',
      `At most ${this.limit} connections are allowed. Close one of yours.`,
      {
        headers: { 'Retry-After': '10' },
      },
    );
  }
}
