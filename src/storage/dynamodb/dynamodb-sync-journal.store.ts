import { SYNC_REPAIRS, SyncJournalStore, type SyncEntry } from '../ports/sync-journal.store.js';
import { CoordinationList } from './coordination-list.js';
import type { DynamoTables } from './dynamo-tables.js';

/** The sync journal in DynamoDB. */
export class DynamoSyncJournalStore extends SyncJournalStore {
  private readonly items: CoordinationList;

  constructor(tables: DynamoTables) {
    super();
    this.items = new CoordinationList(tables, 'syncs');
  }

  async begin({ syncId, instance, repair }: SyncEntry): Promise<boolean> {
    const attributes = { instance, repair };
    if (await this.items.putIf(syncId, attributes, 'instance', undefined)) return false;
    await this.items.put(syncId, attributes);
    return true;
  }

  async end({ syncId, instance }: SyncEntry): Promise<void> {
    await this.items.removeIf(syncId, 'instance', instance);
  }

  async list(): Promise<SyncEntry[]> {
    const found = await this.items.all();
    return found.map(({ id, instance, repair }) => ({
      syncId: String(id),
      instance: String(instance),
      repair: SYNC_REPAIRS.find((known) => known === repair) ?? 'roll_up',
    }));
  }
}
