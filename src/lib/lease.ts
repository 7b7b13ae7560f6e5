import { CONFLICT, retryOnConflict } from './retry-on-conflict.js';

/** A stored record that one holder at a time may change. */
export interface LeaseRecord {
  /**
   * Grows by one with every change; the first stored one is 1. The fence: a write succeeds only on top of the one
   * before.
   */
  readonly revision: number;
  /** Who holds the lease; empty: it is free. */
  readonly holder: string;
}

/** Where the record of one lease is kept. */
export interface LeaseStore<Stored extends LeaseRecord> {
  /** The stored record, or undefined. Sees every write acknowledged before. */
  get(): Promise<Stored | undefined>;
  /**
   * Writes durably on top of the record whose revision is one less; false, with nothing written, when another is
   * stored.
   */
  put(record: Stored): Promise<boolean>;
}

/** Another instance holds the lease by now, or its record was removed: the holder before must stop its work. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
  readonly code = 'lease_lost';

  constructor() {
    super(
      'Another instance holds the lease by now, or its record was removed. Stop the work that depends on it.',
    );
  }
}

/** Writers that are not the holder change a record rarely, so this many conflicts in a row are a fault, not a race. */
const MAX_ATTEMPTS = 10;

/**
 * A lease that this process has acquired, and the record that it protects. The revision is the fence: once another
 * instance has acquired the lease, nothing is written through this one any more. A lease does not expire: before
 * acquiring one, the caller must establish that the holder before it is gone. One call at a time.
 */
export class Lease<Stored extends LeaseRecord> {
  private constructor(
    private readonly store: LeaseStore<Stored>,
    private known: Stored,
    private readonly shared: readonly (keyof Stored)[],
  ) {}

  /**
   * Takes the lease from the holder of the record `found`, as it was read or with a first change (revision 0: none is
   * stored). Undefined when another instance was faster. `shared` names the fields that others than the holder may
   * change, on top of the stored record and without acquiring the lease: every write of the holder keeps what they
   * wrote. Throws what the store throws.
   */
  static async acquire<Stored extends LeaseRecord>(
    store: LeaseStore<Stored>,
    found: Stored,
    holder: string,
    shared: readonly (keyof Stored)[] = [],
  ): Promise<Lease<Stored> | undefined> {
    const record = { ...found, holder, revision: found.revision + 1 };
    return (await store.put(record)) ? new Lease(store, record, shared) : undefined;
  }

  /** The record as this process has written or read it last. */
  get record(): Stored {
    return this.known;
  }

  /**
   * Writes a change of other fields than `revision` and `holder` durably. Throws {@link LeaseLostError} with nothing
   * written, and what the store throws.
   */
  write(change: Partial<Stored>): Promise<void> {
    return this.put(change, this.known.holder);
  }

  /**
   * Reads what others changed; resolves to whether anything did. Throws {@link LeaseLostError}, and what the store
   * throws.
   */
  async refresh(): Promise<boolean> {
    const stored = await this.store.get();
    if (stored?.holder !== this.known.holder) throw new LeaseLostError();
    if (stored.revision === this.known.revision) return false;
    const changed: Partial<Stored> = {};
    for (const field of this.shared) changed[field] = stored[field];
    this.known = { ...this.known, ...changed, revision: stored.revision };
    return true;
  }

  /**
   * Writes a last change and lets any instance acquire the lease at once. No other call may follow. Throws
   * {@link LeaseLostError} when another one has acquired it already, and what the store throws.
   */
  release(change: Partial<Stored> = {}): Promise<void> {
    return this.put(change, '');
  }

  private put(change: Partial<Stored>, holder: string): Promise<void> {
    return retryOnConflict({ what: 'a leased record', maxAttempts: MAX_ATTEMPTS }, async () => {
      const next = { ...this.known, ...change, holder, revision: this.known.revision + 1 };
      if (await this.store.put(next)) {
        this.known = next;
        return;
      }
      await this.refresh();
      return CONFLICT;
    });
  }
}
