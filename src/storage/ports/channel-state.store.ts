import type { ChannelState } from '../../domain/notifications/channel-state.js';
import { RevisionedStore } from './revisioned.store.js';

/** The progress of each channel destination, by the name of its endpoint. */
export abstract class ChannelStateStore extends RevisionedStore<ChannelState> {}
