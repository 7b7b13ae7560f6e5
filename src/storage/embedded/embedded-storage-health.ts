import { StorageHealth } from '../storage-health.js';
import type { EmbeddedDatabase, Table } from './embedded-database.js';

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
