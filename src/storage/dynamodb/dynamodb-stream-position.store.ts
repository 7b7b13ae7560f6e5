import type { ChangeReading } from '../../domain/people/stream-position.js';
import { ChangeReadingStore } from '../ports/stream-position.store.js';
import type { DynamoTables } from './dynamo-tables.js';
import { RevisionedList } from './revisioned-list.js';

const ID = 'tables';

/** Who reads the streams of the tables, in DynamoDB. */
export class DynamoChangeReadingStore extends ChangeReadingStore {
  private readonly readings: RevisionedList<ChangeReading>;

  constructor(tables: DynamoTables) {
    super();
    this.readings = new RevisionedList(tables, 'change_readings', 'reading');
  }

  get(): Promise<ChangeReading | undefined> {
    return this.readings.get(ID);
  }

  put(reading: ChangeReading): Promise<boolean> {
    return this.readings.put(ID, reading);
  }
}
