import type { ChannelState } from '../../domain/notifications/channel-state.js';
import { Lease } from '../../lib/lease.js';
import type { ChannelStateStore } from '../../storage/ports/channel-state.store.js';

/** What operators change on any instance; only the holder changes the rest. */
const ASKED = ['stopped', 'redrive'] as const;

/** The state of one destination, held by the instance that serves it. */
export type ChannelLease = Lease<ChannelState>;

/**
 * Takes a destination over from the holder of the state `found`. Undefined when another instance was faster. Throws
 * StorageError.
 */
export function acquireChannel(
  store: ChannelStateStore,
  found: ChannelState,
  holder: string,
): Promise<ChannelLease | undefined> {
  const { endpoint } = found;
  const record = { get: () => store.get(endpoint), put: (state: ChannelState) => store.put(state) };
  return Lease.acquire(record, found, holder, ASKED);
}
