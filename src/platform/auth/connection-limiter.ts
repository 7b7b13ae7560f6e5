import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../config/config.js';
import { Problem } from '../http/problem.js';
import { ConnectionCounter } from './connection-counter.js';

/** Counts the connections of each network and each subject, and has a place for so many. */
@Injectable()
export class ConnectionLimiter {
  private readonly taken = new Map<string, number>();
  private readonly limit: number;

  constructor(
    { security }: Config,
    @Inject(ConnectionCounter) private readonly shared: ConnectionCounter,
  ) {
    this.limit = security.limits.connectionsPerAddress;
  }

  /** Takes a place; the answer gives it back, once however often it is called. Throws a problem when none is left. */
  async take(who: string): Promise<() => void> {
    if (this.limit === 0) return () => undefined;
    const here = this.taken.get(who) ?? 0;
    if (here >= this.limit) throw this.full();
    // At once, so that many who come together do not all find the same place.
    this.taken.set(who, here + 1);
    if (!(await this.shared.take(who, here, this.limit))) {
      this.giveBack(who);
      throw this.full();
    }
    let isTaken = true;
    return () => {
      if (isTaken) this.shared.tell(who, this.giveBack(who));
      isTaken = false;
    };
  }

  private giveBack(who: string): number {
    const left = (this.taken.get(who) ?? 1) - 1;
    if (left > 0) this.taken.set(who, left);
    else this.taken.delete(who);
    return left;
  }

  private full(): Problem {
    return new Problem('too_many_requests', `${this.limit} connections are allowed: close one of yours.`, {
      headers: { 'Retry-After': '10' },
    });
  }
}
