import type { Clock } from '../../lib/clock.js';
import type { Admission } from './token-verifier.js';

/** The admission behind a ticket. */
export interface Issued {
  readonly admission: Admission;
  readonly origin: string | undefined;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Keeps issued tickets by name. A name is a digest, from which a ticket cannot be made. */
export abstract class TicketStore {
  /**
   * Keeps a ticket until it expires. `full`: the store is at its limit. `unsure`: the store may or may not hold it. The
   * caller then discards the ticket and may try another one.
   */
  abstract put(name: string, issued: Issued): Promise<'kept' | 'full' | 'unsure'>;

  /** Removes and returns a ticket: of concurrent callers one gets it. Undefined: there is none, or the store does not answer. */
  abstract take(name: string): Promise<Issued | undefined>;
}

/** Keeps tickets in the memory of this process. */
export class LocalTicketStore extends TicketStore {
  /** In the order of expiry. */
  private readonly issued = new Map<string, Issued>();

  constructor(
    private readonly clock: Clock,
    private readonly max = 20_000,
  ) {
    super();
  }

  put(name: string, issued: Issued): Promise<'kept' | 'full'> {
    this.removeExpired();
    if (this.issued.size >= this.max) return Promise.resolve('full');
    this.issued.set(name, issued);
    return Promise.resolve('kept');
  }

  take(name: string): Promise<Issued | undefined> {
    this.removeExpired();
    const found = this.issued.get(name);
    this.issued.delete(name);
    return Promise.resolve(found);
  }

  private removeExpired(): void {
    const now = this.clock.now();
    for (const [name, { expiresAt }] of this.issued) {
      if (expiresAt > now) return;
      this.issued.delete(name);
    }
  }
}
