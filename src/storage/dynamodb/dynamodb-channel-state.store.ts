import type { ChannelState } from '../../domain/channel-state.js';
import { ChannelStateStore } from '../channel-state.store.js';
import { CoordinationList } from './coordination-list.js';
import type { DynamoTables, Item } from './dynamo-tables.js';

/** The states of destinations in DynamoDB. */
export class DynamoChannelStateStore extends ChannelStateStore {
  private readonly items: CoordinationList;

  constructor(tables: DynamoTables) {
    super();
    this.items = new CoordinationList(tables, 'channel_states');
  }

  async get(endpoint: string): Promise<ChannelState | undefined> {
    const item = await this.items.get(endpoint);
    return item && stateOf(item);
  }

  put(state: ChannelState): Promise<boolean> {
    const { endpoint, revision } = state;
    const attributes = { revision, state: JSON.stringify(state) };
    return this.items.putIf(endpoint, attributes, 'revision', revision === 1 ? undefined : revision - 1);
  }

  async list(): Promise<ChannelState[]> {
    return (await this.items.all()).map(stateOf);
  }

  async remove(endpoint: string): Promise<void> {
    await this.items.remove(endpoint);
  }
}

function stateOf({ state }: Item): ChannelState {
  return JSON.parse(String(state)) as ChannelState;
}
