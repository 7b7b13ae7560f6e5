import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import { Problem } from '../http/problem.js';

/** Counts the connections of each network and each subject, and has a place for so many. */
@Injectable()
export class ConnectionPlaces {
  private readonly taken = new Map<string, number>();

  constructor(private readonly config: Config) {}

  /** Takes a place; the answer gives it back, once however often it is called. Throws a problem when none is left. */
  take(who: string): () => void {
    const limit = this.config.security.limits.connectionsPerAddress;
    const count = this.taken.get(who) ?? 0;
    if (limit > 0 && count >= limit) {
      throw new Problem('too_many_requests', `${limit} connections are allowed: close one of yours.`, {
        headers: { 'Retry-After': '10' },
      });
    }
    this.taken.set(who, count + 1);
    let isTaken = true;
    return () => {
      if (isTaken) this.giveBack(who);
      isTaken = false;
    };
  }

  private giveBack(who: string): void {
    const left = (this.taken.get(who) ?? 1) - 1;
    if (left > 0) this.taken.set(who, left);
    else this.taken.delete(who);
  }
}
