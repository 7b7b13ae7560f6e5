import type { ChangeReading } from '../../domain/people/stream-position.js';
import { ChangeReadingStore } from '../ports/stream-position.store.js';
import type { EmbeddedDatabase } from './embedded-database.js';
import { RevisionedTable } from './revisioned-table.js';

const KEY = 'tables';

/** The same in the embedded store, which tells no changes: nobody reads yet. */
export class EmbeddedChangeReadingStore extends ChangeReadingStore {
  private readonly readings: RevisionedTable<ChangeReading>;

  constructor(database: EmbeddedDatabase) {
    super();
    this.readings = new RevisionedTable(database, 'change_readings', 'the reading of changes');
  }

  get(): Promise<ChangeReading | undefined> {
    return this.readings.get(KEY);
  }

  put(reading: ChangeReading): Promise<boolean> {
    return this.readings.put(KEY, reading);
  }
}
