import type { ChannelState } from '../../domain/notifications/channel-state.js';
import type { ChannelStateStore } from '../../storage/ports/channel-state.store.js';

/** So many conflicts in a row are a fault, not a race. */
const MAX_ATTEMPTS = 10;

/** Another instance serves the destination now, or its state was removed. */
export class LeaseLostError extends Error {
  constructor() {
    super('Another instance serves this destination');
  }
}

/** What operators change on any instance; only the holder changes the rest. */
const ASKED = ['stopped', 'redrive'] as const;

/**
 * Holds the state of one destination for the instance that serves it. The revision is the fence: once another instance
 * has taken the destination over, this one writes nothing any more.
 */
export class ChannelLease {
  private constructor(
    private readonly store: ChannelStateStore,
    private known: ChannelState,
  ) {}

  /** Takes a destination over from the holder of the state that was read. Undefined when another instance was faster. */
  static async take(
    store: ChannelStateStore,
    state: ChannelState,
    holder: string,
  ): Promise<ChannelLease | undefined> {
    const taken = { ...state, holder, revision: state.revision + 1 };
    return (await store.put(taken)) ? new ChannelLease(store, taken) : undefined;
  }

  /** The state as it was written or read last. */
  get state(): ChannelState {
    return this.known;
  }

  /** Writes a change durably, and keeps what operators asked for meanwhile. Throws LeaseLostError and StorageError. */
  async write(change: Partial<ChannelState>): Promise<void> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const next = { ...this.known, ...change, revision: this.known.revision + 1 };
      if (await this.store.put(next)) {
        this.known = next;
        return;
      }
      await this.refresh();
    }
    throw new Error('The state of a channel was changed by others at every attempt to write it');
  }

  /** Reads what operators asked for. Returns whether anything changed. Throws LeaseLostError and StorageError. */
  async refresh(): Promise<boolean> {
    const stored = await this.store.get(this.known.endpoint);
    if (stored?.holder !== this.known.holder) throw new LeaseLostError();
    if (stored.revision === this.known.revision) return false;
    const { revision } = stored;
    const asked = Object.fromEntries(ASKED.map((field) => [field, stored[field]]));
    this.known = { ...this.known, ...asked, revision };
    return true;
  }

  /** Gives the destination up: another instance may take it at once. */
  async release(): Promise<void> {
    await this.write({ holder: '' });
  }
}
