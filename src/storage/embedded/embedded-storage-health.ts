import { StorageHealth } from '../storage-health.js';
import type { EmbeddedDatabase, Table } from './embedded-database.js';

/** Whether the embedded store takes a transaction. */
export class EmbeddedStorageHealth extends StorageHealth {
  private readonly table: Table<number>;

  constructor(private readonly database: EmbeddedDatabase) {
    super();
    this.table = database.table('health');
  }

  ping(): Promise<void> {
    this.database.read('answer a ping', () => this.table.get('ping'));
    return Promise.resolve();
  }
}
