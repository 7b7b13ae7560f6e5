import { createHash } from 'node:crypto';
import type { Clock } from '../../lib/clock.js';
import type { Issued, TicketStore } from './ticket-store.js';
import type { Admission } from './token-verifier.js';

const LIFE_MS = 30_000;
const MAX_OF_SUBJECT = 100;
const BYTES = 32;
/** A store that is unsure about one ticket can keep the next one elsewhere. */
const MAX_ATTEMPTS = 3;

export interface Ticket {
  readonly ticket: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/**
 * Tickets that open one WebSocket each, within 30 s. A page can put a ticket into an address: a log that records the
 * address holds a ticket that is used already.
 */
export class Tickets {
  /** The expiry of each ticket that this process issued and has not redeemed, by subject. */
  private readonly expiries = new Map<string, number[]>();

  /** `random` returns that many cryptographically random bytes. */
  constructor(
    private readonly clock: Clock,
    private readonly random: (bytes: number) => Buffer,
    private readonly store: TicketStore,
  ) {}

  /**
   * Issues a ticket for an admission and the origin of a page. Returns undefined when the subject has 100 tickets that are
   * not redeemed, or when no store keeps the ticket.
   */
  async issue(admission: Admission, origin: string | undefined): Promise<Ticket | undefined> {
    const { subject } = admission.caller;
    this.removeExpired();
    const out = this.expiries.get(subject) ?? [];
    if (out.length >= MAX_OF_SUBJECT) return undefined;
    const expiresAt = this.clock.now() + LIFE_MS;
    this.expiries.set(subject, [...out, expiresAt]);
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const ticket = this.random(BYTES).toString('base64url');
      const outcome = await this.store.put(nameOf(ticket), { admission, origin, expiresAt });
      if (outcome === 'kept') return { ticket, expiresAt };
      if (outcome === 'full') return undefined;
    }
    return undefined;
  }

  /** The admission behind a ticket; undefined where the ticket is not valid for the origin. Uses the ticket up in any case. */
  async redeem(ticket: string, origin: string | undefined): Promise<Admission | undefined> {
    const found = await this.store.take(nameOf(ticket));
    if (found === undefined || found.expiresAt <= this.clock.now()) return undefined;
    this.removeRedeemed(found);
    return found.origin === origin ? found.admission : undefined;
  }

  private removeRedeemed({ admission: { caller }, expiresAt }: Issued): void {
    const out = this.expiries.get(caller.subject) ?? [];
    const index = out.indexOf(expiresAt);
    if (index >= 0) this.expiries.set(caller.subject, out.toSpliced(index, 1));
  }

  private removeExpired(): void {
    const now = this.clock.now();
    for (const [subject, ends] of this.expiries) {
      const left = ends.filter((end) => end > now);
      if (left.length > 0) this.expiries.set(subject, left);
      else this.expiries.delete(subject);
    }
  }
}

/** The name of a ticket in the store. The store never holds the ticket itself. */
function nameOf(ticket: string): string {
  return createHash('sha256').update(ticket).digest('base64url');
}
