import type { ChannelState } from '../../domain/channel-state.js';
import { ChannelStateStore } from '../channel-state.store.js';
import type { EmbeddedDatabase } from './embedded-database.js';
import type { Table } from './embedded-table.js';

/** The states of destinations in the embedded store. */
export class EmbeddedChannelStateStore extends ChannelStateStore {
  private readonly table: Table<ChannelState>;

  constructor(private readonly database: EmbeddedDatabase) {
    super();
    this.table = database.table('channel_states');
  }

  get(endpoint: string): Promise<ChannelState | undefined> {
    return this.database.read('read the state of a channel', () => this.table.get(endpoint));
  }

  put(state: ChannelState): Promise<boolean> {
    return this.database.transaction('keep the state of a channel', () => {
      if ((this.table.get(state.endpoint)?.revision ?? 0) !== state.revision - 1) return false;
      this.table.put(state.endpoint, state);
      return true;
    });
  }

  list(): Promise<ChannelState[]> {
    return this.database.read('read the states of the channels', () => this.table.range({}));
  }

  async remove(endpoint: string): Promise<void> {
    await this.database.transaction('remove the state of a channel', () => this.table.remove(endpoint));
  }
}
