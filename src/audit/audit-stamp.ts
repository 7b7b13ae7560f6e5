import { randomInt } from 'node:crypto';
import { v7 as uuid } from 'uuid';
import type { AuditEntry, AuditFact } from '../domain/access/audit.js';

/** Where the order within a millisecond begins; what is left above is room for more. */
const FIRST_ORDER = 2 ** 31;

/** Gives facts their moment and their id. Lines of one process sort as they were stamped, whatever its clock does. */
export class AuditStamp {
  private moment = 0;
  private order = 0;

  constructor(private readonly now: () => number) {}

  /** The fact as a line of this moment. */
  entryOf(fact: AuditFact): AuditEntry {
    const now = this.now();
    if (now > this.moment) {
      this.moment = now;
      this.order = randomInt(FIRST_ORDER);
    } else this.order += 1;
    const id = uuid({ msecs: this.moment, seq: this.order });
    return { id, at: new Date(this.moment).toISOString(), ...fact };
  }
}
