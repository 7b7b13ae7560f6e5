import type { ChannelState } from '../../domain/notifications/channel-state.js';
import { ChannelStateStore } from '../ports/channel-state.store.js';
import type { EmbeddedDatabase } from './embedded-database.js';
import { RevisionedTable } from './revisioned-table.js';

/** The states of destinations in the embedded store. */
export class EmbeddedChannelStateStore extends ChannelStateStore {
  private readonly states: RevisionedTable<ChannelState>;

  constructor(database: EmbeddedDatabase) {
    super();
    this.states = new RevisionedTable(database, 'channel_states', 'the state of a channel');
  }

  get(endpoint: string): Promise<ChannelState | undefined> {
    return this.states.get(endpoint);
  }

  put(state: ChannelState): Promise<boolean> {
    return this.states.put(state.endpoint, state);
  }

  list(): Promise<ChannelState[]> {
    return this.states.all();
  }

  remove(endpoint: string): Promise<void> {
    return this.states.remove(endpoint);
  }
}
