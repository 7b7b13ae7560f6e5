import { createHash } from 'node:crypto';
import type { Clock } from '../../lib/clock.js';
import type { Issued, TicketStore } from './ticket-store.js';
import type { Admission } from './token-verifier.js';

const LIFE_MS = 30_000;
const MAX_OF_SUBJECT = 100;
const BYTES = 32;
/** A store that is unsure of one ticket keeps the next one elsewhere. */
const MAX_ATTEMPTS = 3;

export interface Ticket {
  readonly ticket: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/**
 * Tickets that open one WebSocket each, within 30 s: a page can put one into an address, where nobody else can use it any
 * more once it was used.
 */
export class Tickets {
  /** When the tickets of each subject end, of those that this process issued and has not seen again. */
  private readonly ends = new Map<string, number[]>();

  /** `random` answers so many random bytes. */
  constructor(
    private readonly clock: Clock,
    private readonly random: (bytes: number) => Buffer,
    private readonly store: TicketStore,
  ) {}

  /** A ticket for somebody who was let in, for a page of this origin, or none; undefined when too many are out. */
  async issue(admission: Admission, origin: string | undefined): Promise<Ticket | undefined> {
    const { subject } = admission.caller;
    this.forgetEnded();
    const out = this.ends.get(subject) ?? [];
    if (out.length >= MAX_OF_SUBJECT) return undefined;
    const expiresAt = this.clock.now() + LIFE_MS;
    this.ends.set(subject, [...out, expiresAt]);
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const ticket = this.random(BYTES).toString('base64url');
      const outcome = await this.store.put(nameOf(ticket), { admission, origin, expiresAt });
      if (outcome === 'kept') return { ticket, expiresAt };
      if (outcome === 'full') return undefined;
    }
    return undefined;
  }

  /** Whom a ticket lets in. Whatever comes of it, it is used up. */
  async redeem(ticket: string, origin: string | undefined): Promise<Admission | undefined> {
    const found = await this.store.take(nameOf(ticket));
    if (found === undefined || found.expiresAt <= this.clock.now()) return undefined;
    this.countOut(found);
    return found.origin === origin ? found.admission : undefined;
  }

  private countOut({ admission: { caller }, expiresAt }: Issued): void {
    const out = this.ends.get(caller.subject) ?? [];
    const index = out.indexOf(expiresAt);
    if (index >= 0) this.ends.set(caller.subject, out.toSpliced(index, 1));
  }

  private forgetEnded(): void {
    const now = this.clock.now();
    for (const [subject, ends] of this.ends) {
      const left = ends.filter((end) => end > now);
      if (left.length > 0) this.ends.set(subject, left);
      else this.ends.delete(subject);
    }
  }
}

/** The store shall not hold what opens a door. */
function nameOf(ticket: string): string {
  return createHash('sha256').update(ticket).digest('base64url');
}
