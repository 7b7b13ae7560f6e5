import type { ChangeStreamPosition } from '../../domain/people/stream-position.js';
import { StreamPositionStore } from '../ports/stream-position.store.js';
import type { DynamoTables } from './dynamo-tables.js';
import { RevisionedList } from './revisioned-list.js';

const ID = 'tables';

/** Who reads the streams of the tables, in DynamoDB. */
export class DynamoStreamPositionStore extends StreamPositionStore {
  private readonly readings: RevisionedList<ChangeStreamPosition>;

  constructor(tables: DynamoTables) {
    super();
    this.readings = new RevisionedList(tables, 'change_readings', 'reading');
  }

  get(): Promise<ChangeStreamPosition | undefined> {
    return this.readings.get(ID);
  }

  put(reading: ChangeStreamPosition): Promise<boolean> {
    return this.readings.put(ID, reading);
  }
}
