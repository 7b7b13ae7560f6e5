import type { Erasure } from '../../domain/privacy/erasure.js';
import { ErasureStore } from '../ports/erasure.store.js';
import type { EmbeddedDatabase } from './embedded-database.js';
import type { Table } from './embedded-table.js';

/** Erasures in the embedded store. */
export class EmbeddedErasureStore extends ErasureStore {
  private readonly table: Table<Erasure>;

  constructor(private readonly database: EmbeddedDatabase) {
    super();
    this.table = database.table('erasures');
  }

  put(erasure: Erasure): Promise<void> {
    return this.database.transaction('keep an erasure', () => this.table.put(erasure.id, erasure));
  }

  list(): Promise<Erasure[]> {
    return this.database.read('read the erasures', () => this.table.range({}));
  }

  remove(id: string): Promise<void> {
    return this.database.transaction('end an erasure', () => this.table.remove(id));
  }
}
