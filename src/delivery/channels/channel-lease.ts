import type { ChannelState } from '../../domain/notifications/channel-state.js';
import type { ChannelStateStore } from '../../storage/ports/channel-state.store.js';

/** Others changing one state at every one of this many attempts is a fault, not a race. */
const MAX_ATTEMPTS = 10;

/** Another instance works the destination now, or it was removed. */
export class LeaseLostError extends Error {
  constructor() {
    super('Another instance works this destination');
  }
}

/** What people ask of a destination, on whichever instance; all else only its holder changes. */
const ASKED = ['stopped', 'redrive'] as const;

/**
 * Keeps the state of one destination for the instance that holds it. Its revision is the fence: once another instance
 * has taken the destination over, nothing is written any more.
 */
export class ChannelLease {
  private constructor(
    private readonly store: ChannelStateStore,
    private known: ChannelState,
  ) {}

  /** Takes a destination over from whoever held the state that was read. Undefined when somebody else was faster. */
  static async take(
    store: ChannelStateStore,
    state: ChannelState,
    holder: string,
  ): Promise<ChannelLease | undefined> {
    const taken = { ...state, holder, revision: state.revision + 1 };
    return (await store.put(taken)) ? new ChannelLease(store, taken) : undefined;
  }

  /** As it was written, or read, last. */
  get state(): ChannelState {
    return this.known;
  }

  /** Writes a change durably, over what people asked for meanwhile. Throws NotOurs and StorageError. */
  async write(change: Partial<ChannelState>): Promise<void> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const next = { ...this.known, ...change, revision: this.known.revision + 1 };
      if (await this.store.put(next)) {
        this.known = next;
        return;
      }
      await this.refresh();
    }
    throw new Error('The state of a channel was changed by others at every attempt to keep it');
  }

  /** Learns what people asked for. Answers whether anything changed. Throws NotOurs and StorageError. */
  async refresh(): Promise<boolean> {
    const stored = await this.store.get(this.known.endpoint);
    if (stored?.holder !== this.known.holder) throw new LeaseLostError();
    if (stored.revision === this.known.revision) return false;
    const { revision } = stored;
    const asked = Object.fromEntries(ASKED.map((field) => [field, stored[field]]));
    this.known = { ...this.known, ...asked, revision };
    return true;
  }

  /** Lets another instance take it at once. */
  async release(): Promise<void> {
    await this.write({ holder: '' });
  }
}
