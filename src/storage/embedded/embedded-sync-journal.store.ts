import { SyncJournalStore, type SyncEntry } from '../ports/sync-journal.store.js';
import type { EmbeddedDatabase } from './embedded-database.js';
import type { Table } from './embedded-table.js';

/** The sync journal in the embedded store. */
export class EmbeddedSyncJournalStore extends SyncJournalStore {
  private readonly table: Table<SyncEntry>;

  constructor(private readonly database: EmbeddedDatabase) {
    super();
    this.table = database.table('syncs');
  }

  begin(entry: SyncEntry): Promise<boolean> {
    return this.database.transaction('begin a sync', () => {
      const hadOne = this.table.get(entry.syncId) !== undefined;
      this.table.put(entry.syncId, entry);
      return hadOne;
    });
  }

  async end({ syncId, instance }: SyncEntry): Promise<void> {
    await this.database.transaction('end a sync', () => {
      if (this.table.get(syncId)?.instance === instance) this.table.remove(syncId);
    });
  }

  list(): Promise<SyncEntry[]> {
    return this.database.read('read the sync journal', () => this.table.range({}));
  }
}
