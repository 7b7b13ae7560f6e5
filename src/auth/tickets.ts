import type { Clock } from '../concurrency/clock.js';
import type { Admission } from './token-verifier.js';

const LIFE_MS = 30_000;
const MAX_OF_SUBJECT = 100;
const MAX_IN_ALL = 20_000;
const BYTES = 32;

interface Issued {
  readonly admission: Admission;
  readonly origin: string | undefined;
  readonly expiresAt: number;
}

export interface Ticket {
  readonly ticket: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/**
 * Tickets that open one WebSocket each, within 30 s: a page can put one into an address, where nobody else can use it any
 * more once it was used. They are kept in this process's memory.
 */
export class Tickets {
  /** In the order in which they end. */
  private readonly issued = new Map<string, Issued>();

  /** `random` answers so many random bytes. */
  constructor(
    private readonly clock: Clock,
    private readonly random: (bytes: number) => Buffer,
  ) {}

  /** A ticket for somebody who was let in, for a page of this origin, or none; undefined when too many are out. */
  issue(admission: Admission, origin: string | undefined): Ticket | undefined {
    this.forgetEnded();
    const ofSubject = [...this.issued.values()].filter(
      ({ admission: { caller } }) => caller.subject === admission.caller.subject,
    );
    if (this.issued.size >= MAX_IN_ALL || ofSubject.length >= MAX_OF_SUBJECT) return undefined;
    const ticket = this.random(BYTES).toString('base64url');
    const expiresAt = this.clock.now() + LIFE_MS;
    this.issued.set(ticket, { admission, origin, expiresAt });
    return { ticket, expiresAt };
  }

  /** Whom a ticket lets in. Whatever comes of it, it is used up. */
  redeem(ticket: string, origin: string | undefined): Admission | undefined {
    this.forgetEnded();
    const found = this.issued.get(ticket);
    this.issued.delete(ticket);
    return found?.origin === origin ? found?.admission : undefined;
  }

  private forgetEnded(): void {
    const now = this.clock.now();
    for (const [ticket, { expiresAt }] of this.issued) {
      if (expiresAt > now) return;
      this.issued.delete(ticket);
    }
  }
}
