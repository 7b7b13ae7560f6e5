import type { ChangeStreamPosition } from '../../domain/people/stream-position.js';
import { StreamPositionStore } from '../ports/stream-position.store.js';
import type { EmbeddedDatabase } from './embedded-database.js';
import { RevisionedTable } from './revisioned-table.js';

const KEY = 'tables';

/** The same in the embedded store, which tells no changes: nobody reads yet. */
export class EmbeddedStreamPositionStore extends StreamPositionStore {
  private readonly readings: RevisionedTable<ChangeStreamPosition>;

  constructor(database: EmbeddedDatabase) {
    super();
    this.readings = new RevisionedTable(database, 'change_readings', 'the reading of changes');
  }

  get(): Promise<ChangeStreamPosition | undefined> {
    return this.readings.get(KEY);
  }

  put(reading: ChangeStreamPosition): Promise<boolean> {
    return this.readings.put(KEY, reading);
  }
}
