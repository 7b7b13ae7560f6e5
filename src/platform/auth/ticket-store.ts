import type { Clock } from '../../lib/clock.js';
import type { Admission } from './token-verifier.js';

/** What a ticket stands for. */
export interface Issued {
  readonly admission: Admission;
  readonly origin: string | undefined;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Where tickets are kept, by names that nobody can make a ticket of. */
export abstract class TicketStore {
  /**
   * Keeps one until it ends. `full` when there are too many; `unsure` when nobody can tell whether it is kept: then it must
   * not be given to anybody, and another one may be tried.
   */
  abstract put(name: string, issued: Issued): Promise<'kept' | 'full' | 'unsure'>;

  /** Takes one away: of many who ask, one gets it, once. Undefined where there is none, or nobody can tell. */
  abstract take(name: string): Promise<Issued | undefined>;
}

/** Keeps tickets in the memory of this process. */
export class LocalTicketStore extends TicketStore {
  /** In the order in which they end. */
  private readonly issued = new Map<string, Issued>();

  constructor(
    private readonly clock: Clock,
    private readonly max = 20_000,
  ) {
    super();
  }

  put(name: string, issued: Issued): Promise<'kept' | 'full'> {
    this.forgetEnded();
    if (this.issued.size >= this.max) return Promise.resolve('full');
    this.issued.set(name, issued);
    return Promise.resolve('kept');
  }

  take(name: string): Promise<Issued | undefined> {
    this.forgetEnded();
    const found = this.issued.get(name);
    this.issued.delete(name);
    return Promise.resolve(found);
  }

  private forgetEnded(): void {
    const now = this.clock.now();
    for (const [name, { expiresAt }] of this.issued) {
      if (expiresAt > now) return;
      this.issued.delete(name);
    }
  }
}
