import type { ChannelState } from '../../domain/notifications/channel-state.js';
import { ChannelStateStore } from '../ports/channel-state.store.js';
import type { DynamoTables } from './dynamo-tables.js';
import { RevisionedList } from './revisioned-list.js';

/** The states of destinations in DynamoDB. */
export class DynamoChannelStateStore extends ChannelStateStore {
  private readonly states: RevisionedList<ChannelState>;

  constructor(tables: DynamoTables) {
    super();
    this.states = new RevisionedList(tables, 'channel_states', 'state');
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
