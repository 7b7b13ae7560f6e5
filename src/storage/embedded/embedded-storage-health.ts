import { StorageHealth } from '../storage-health.js';
import type { EmbeddedDatabase } from './embedded-database.js';
import type { Table } from './embedded-table.js';

/** Whether the embedded store can be read. */
export class EmbeddedStorageHealth extends StorageHealth {
  private readonly table: Table<number>;

  constructor(private readonly database: EmbeddedDatabase) {
    super();
    this.table = database.table('health');
  }

  async ping(): Promise<void> {
    await this.database.read('answer a ping', () => this.table.get('ping'));
  }
}
